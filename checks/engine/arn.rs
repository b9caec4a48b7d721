//! Amazon resource names, taken apart without copying.

/// The six parts of an ARN. Whatever the account holds may stand in them: nothing is checked but the shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, …
    pub partition: &'a str,
    /// `iam`, `sagemaker`, …
    pub service: &'a str,
    /// The region; empty for global services.
    pub region: &'a str,
    /// The account id; `aws` for what AWS manages.
    pub account: &'a str,
    /// The rest, colons included: `role/service-role/ml`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart; `None` for any other text.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        let (prefix, partition, service) = (next()?, next()?, next()?);
        let (region, account, resource) = (next()?, next()?, next()?);
        (prefix == "arn" && !partition.is_empty() && !resource.is_empty()).then_some(Arn {
            partition,
            service,
            region,
            account,
            resource,
        })
    }

    /// What follows the resource type: the path and name of `role/…`, `user/…`, `policy/…`.
    pub fn named(&self, kind: &str) -> Option<&'a str> {
        self.resource.strip_prefix(kind)?.strip_prefix('/').filter(|name| !name.is_empty())
    }
}

/// Whether a text has the form of an account id.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Arn;

    #[test]
    fn an_arn_is_six_parts_and_nothing_else_is_one() {
        let arn = Arn::parse("arn:aws-cn:iam::111122223333:role/service-role/ml").unwrap();
        assert_eq!((arn.partition, arn.account), ("aws-cn", "111122223333"));
        assert_eq!((arn.named("role"), arn.named("user")), (Some("service-role/ml"), None));
        assert_eq!(Arn::parse("arn:aws:lambda:r:1:function:f:1").unwrap().resource, "function:f:1");
        for odd in ["", "ml", "arn:aws:iam::1", "arn::iam::1:role/x", "urn:aws:iam::1:role/x", "arn:aws:iam::1:"] {
            assert_eq!(Arn::parse(odd), None, "{odd}");
        }
    }
}
