//! Data in transit: what travels in the clear.

section! { InTransit:
}
