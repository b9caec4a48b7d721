//! Identity and access: who can act on SageMaker, and what SageMaker can then do to the rest of the account.

section! { Identity:
}
