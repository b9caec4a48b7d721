//! Data at rest: whose keys stand between a disk or bucket and its reader.

section! { AtRest:
}
