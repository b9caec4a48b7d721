//! Resilience: what happens when a zone, a model or an update fails.

section! { Resilience:
}
