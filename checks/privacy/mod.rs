//! Privacy and compliance: whose data it is, and who else can see it.

section! { Privacy:
}
