//! What a resource names: the roles, keys, data, networks and images that a scan follows.

use super::{Gap, Seen};

/// What a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// An IAM role ARN.
    Role,
    /// A KMS key by id, ARN, alias or alias ARN.
    Key,
    /// An S3 URI.
    Data,
    /// A subnet id.
    Subnet,
    /// A security group id.
    SecurityGroup,
    /// A VPC id.
    Vpc,
    /// A container image.
    Image,
    /// A Secrets Manager secret, by ARN.
    Secret,
    /// An EFS file system, by id.
    FileSystem,
}

impl What {
    /// All kinds.
    pub const ALL: [What; 9] = [
        What::Role,
        What::Key,
        What::Data,
        What::Subnet,
        What::SecurityGroup,
        What::Vpc,
        What::Image,
        What::Secret,
        What::FileSystem,
    ];
}

/// One thing that a resource names, or the gap where the name would be.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'w> {
    /// What it names.
    pub what: What,
    /// The snapshot field that holds it.
    pub field: &'static str,
    /// The name, or why it was not seen.
    pub value: Result<&'w str, &'w Gap>,
}

/// Names on their way out of a resource; an unset field names nothing.
#[derive(Debug, Default)]
pub struct Names<'w>(pub(crate) Vec<Reference<'w>>);

impl<'w> Names<'w> {
    pub(crate) fn add(&mut self, what: What, field: &'static str, name: &'w str) {
        if !name.is_empty() {
            self.0.push(Reference { what, field, value: Ok(name) });
        }
    }

    pub(crate) fn hide(&mut self, what: What, field: &'static str, gap: &'w Gap) {
        self.0.push(Reference { what, field, value: Err(gap) });
    }

    /// Names below a field that may not have been seen.
    pub fn nested<T>(
        &mut self,
        what: What,
        field: &'static str,
        seen: &'w Seen<T>,
        names: impl Fn(&'w T) -> Vec<&'w str>,
    ) {
        match seen {
            Seen::Is(value) => names(value).into_iter().for_each(|name| self.add(what, field, name)),
            Seen::Unset => {}
            Seen::Unseen(gap) => self.hide(what, field, gap),
        }
    }

    /// The name that a field is.
    pub fn one(&mut self, what: What, field: &'static str, seen: &'w Seen<String>) {
        self.nested(what, field, seen, |name| vec![name.as_str()]);
    }

    /// The names that a field lists.
    pub fn many(&mut self, what: What, field: &'static str, seen: &'w Seen<Vec<String>>) {
        self.nested(what, field, seen, |names| names.iter().map(String::as_str).collect());
    }
}
