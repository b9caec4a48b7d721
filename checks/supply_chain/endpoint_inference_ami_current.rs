use crate::prelude::*;

pub(super) struct EndpointInferenceAmiCurrent;

impl Check for EndpointInferenceAmiCurrent {
    type On<'w> = &'w EndpointConfig;

    const META: Meta = Meta {
        id: "endpoint-inference-ami-current",
        title: "Endpoints choose no system image that is out of support",
        severity: Severity::Low,
        reads: &[Table::EndpointConfigs, Table::Endpoints],
        practices: &["SUP-4"],
        page: include_str!("endpoint_inference_ami_current.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, config: &EndpointConfig, _: &Here<'_>) -> Judged {
        let lists = [&config.variants, &config.shadow_variants];
        let variants = || lists.iter().filter_map(|list| list.shown()).flatten();
        let chosen = || variants().filter_map(|variant| Some((variant, variant.ami.as_deref()?)));
        // `al2-…` stands on Amazon Linux 2, whose support ended on 2026-06-30 (Amazon Linux 2 FAQs).
        if let Some((variant, ami)) = chosen().find(|(_, ami)| ami.starts_with("al2-")) {
            let says = format!("variant {} runs {ami}, which stands on Amazon Linux 2, out of support", variant.name);
            return Ok(fail(says).with("variant", variant.name.as_str()).with("ami", ami));
        }
        for list in lists {
            list.get()?;
        }
        if let Some((variant, ami)) = chosen().find(|(_, ami)| !ami.starts_with("al2023-")) {
            return Err(unclear(format!("variant {} runs {ami}, of which nothing is known", variant.name)));
        }
        Ok(match chosen().next() {
            Some((_, ami)) => pass(format!("its instances run {ami}, which stands on Amazon Linux 2023")),
            None => pass("it leaves the choice of the system image to AWS"),
        })
    }
}
