use crate::prelude::*;

pub(super) struct IamPasswordPolicy;

/// The benchmark's numbers: CIS AWS Foundations 3.0, 1.8 and 1.9.
const LENGTH: i32 = 14;
const REUSE: i32 = 24;

impl Check for IamPasswordPolicy {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "iam-password-policy",
        title: "The password policy asks for long and new passwords",
        severity: Severity::Low,
        reads: &[Table::PasswordPolicy, Table::Users],
        practices: &["ID-2"],
        page: include_str!("iam_password_policy.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, account: &Account, _here: &Here<'_>) -> Judged {
        let Some(policy) = account.password_policy.get()? else {
            return Ok(match account.users.find(|_| true)? {
                Some(_) => fail("there is no password policy, so eight characters suffice"),
                None => exempt("there is no password policy, and no IAM user who could have a password"),
            });
        };
        let length = policy.minimum_length.ok_or_else(|| unclear("the answer carries no MinimumPasswordLength"))?;
        let characters = [
            (policy.uppercase, "no upper-case letter is required"),
            (policy.lowercase, "no lower-case letter is required"),
            (policy.numbers, "no digit is required"),
            (policy.symbols, "no symbol is required"),
        ];
        let mut lacks = Vec::new();
        if length < LENGTH {
            lacks.push(format!("{length} characters suffice instead of {LENGTH}"));
        }
        match policy.reuse_prevention {
            Some(reuse) if reuse >= REUSE => {}
            Some(reuse) => lacks.push(format!("only the last {reuse} passwords are barred instead of {REUSE}")),
            None => lacks.push("old passwords may be used again".to_owned()),
        }
        lacks.extend(characters.iter().filter(|(asked, _)| !asked).map(|(_, lack)| (*lack).to_owned()));
        let verdict = match lacks.is_empty() {
            true => pass("length, reuse and kinds of characters meet the benchmark"),
            false => fail(lacks.join(", ")),
        };
        Ok(verdict.with("minimum_length", length).with("reuse_prevention", policy.reuse_prevention))
    }
}
