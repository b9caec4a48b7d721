//! Supply chain and secrets: what runs, where it comes from, and what it carries.

section! { SupplyChain:
}
