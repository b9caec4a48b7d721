use crate::prelude::*;

pub(super) struct EndpointSsmAccessDisabled;

impl Check for EndpointSsmAccessDisabled {
    type On<'w> = &'w EndpointConfig;

    const META: Meta = Meta {
        id: "endpoint-ssm-access-disabled",
        title: "Nobody can open a shell on the instances behind an endpoint",
        severity: Severity::Medium,
        reads: &[Table::EndpointConfigs, Table::Endpoints],
        practices: &["SUP-4"],
        page: include_str!("endpoint_ssm_access_disabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, config: &EndpointConfig, _: &Here<'_>) -> Judged {
        let lists = [&config.variants, &config.shadow_variants];
        let mut variants = lists.iter().filter_map(|list| list.shown()).flatten();
        if let Some(open) = variants.find(|variant| variant.ssm_access == Some(true)) {
            let says = format!("the instances of variant {} take sessions of Systems Manager", open.name);
            return Ok(fail(says).with("variant", open.name.as_str()));
        }
        for list in lists {
            list.get()?;
        }
        Ok(pass("no instance takes sessions of Systems Manager"))
    }
}
