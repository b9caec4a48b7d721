//! Network isolation: who can reach a workload, and whom it can reach.

section! { Network:
    notebook_no_direct_internet::NotebookNoDirectInternet,
}
