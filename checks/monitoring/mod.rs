//! Logging and monitoring: what leaves a trace, and whether anyone would notice.

section! { Monitoring:
}
