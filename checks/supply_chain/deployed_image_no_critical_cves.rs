use std::collections::BTreeSet;

use crate::aws::endpoint_status::serves;
use crate::aws::registries::{EcrImage, is_published_by_aws};
use crate::prelude::*;

pub(super) struct DeployedImageNoCriticalCves;

impl Check for DeployedImageNoCriticalCves {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "deployed-image-no-critical-cves",
        title: "Images behind endpoints have no known critical vulnerability",
        severity: Severity::High,
        reads: &[Table::Endpoints, Table::InferenceComponents, Table::EcrRepositories, Table::EcrImageScans],
        practices: &["SUP-1"],
        page: include_str!("deployed_image_no_critical_cves.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !serves(status) {
            return Ok(exempt(format!("it is {status}, so nothing runs behind it")));
        }
        let (images, mut doubt) = deployed(endpoint, here);
        let mut found: Vec<(i64, &str)> = Vec::new();
        let mut scanned = 0;
        for image in &images {
            match critical(image, here) {
                Ok(Some(0)) => scanned += 1,
                Ok(Some(count)) => found.push((count, image)),
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        if let Some((count, image)) = found.first() {
            let says = format!("a scan found {count} critical vulnerabilities in {}, which it runs", short(image));
            let all: Vec<&str> = found.iter().map(|(_, image)| *image).collect();
            return Ok(fail(says).with("images", all).with("critical", *count));
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(match (scanned, images.len()) {
            (_, 0) => return Err(unclear("no answer tells which image it runs")),
            (0, _) => exempt("it runs images that AWS publishes and keeps up to date; their scans are AWS's"),
            _ => pass("the scans of the images that it runs found nothing critical"),
        })
    }
}

/// The images that an endpoint and its inference components run, by digest, and why there may be more.
fn deployed<'w>(endpoint: &'w Endpoint, here: &Here<'w>) -> (BTreeSet<&'w str>, Option<Unseen>) {
    let (mut images, mut doubt) = (BTreeSet::new(), None::<Unseen>);
    for variants in [&endpoint.variants, &endpoint.shadow_variants] {
        match variants.get() {
            Ok(variants) => {
                let variants = variants.into_iter().flatten();
                images.extend(variants.flat_map(|variant| variant.images.iter().map(String::as_str)));
            }
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    let components = &here.region.inference_components;
    for component in components.iter() {
        let of_this = component.endpoint.get().map(|name| name == Some(&endpoint.name));
        match of_this.and_then(|of_this| if of_this { component.specifications.get() } else { Ok(None) }) {
            Ok(specifications) => {
                let specifications = specifications.into_iter().flatten();
                images.extend(specifications.filter_map(|specification| specification.resolved_image.as_deref()));
            }
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    if let (Some(gap), None) = (&components.missing, &doubt) {
        doubt = Some(gap.into());
    }
    (images, doubt)
}

/// How many critical vulnerabilities the last scan of an image found; `None` where its scans are AWS's.
fn critical(image: &str, here: &Here<'_>) -> Result<Option<i64>, Unseen> {
    let Some(place) = EcrImage::of(image) else {
        return Err(unclear(format!("{image} lies outside of ECR, which has no scan of it")));
    };
    if is_published_by_aws(place.account, place.region) && place.account != here.account() {
        return Ok(None);
    }
    if place.account != here.account() || place.region != here.name {
        let why = "lies in another account or region, whose scans cannot be seen from here";
        return Err(unclear(format!("{} {why}", short(image))));
    }
    let scans = &here.region.ecr_image_scans;
    let scan = scans.find(|scan| scan.name == place.repository && Some(scan.id.as_str()) == place.digest)?;
    let scan = scan.ok_or_else(|| unclear(format!("there is no scan of {}", short(image))))?;
    let critical = scan.counts.known("findingSeverityCounts").map(|counts| counts.critical.unwrap_or_default());
    match scan.status.known("imageScanStatus")?.as_str() {
        "COMPLETE" | "ACTIVE" => critical.map(Some),
        // What an older scan found is still there.
        _ if critical.as_ref().is_ok_and(|count| *count > 0) => critical.map(Some),
        other => Err(unclear(format!("the scan of {} is {other}", short(image)))),
    }
}

/// An image without its registry and most of its digest, for people.
fn short(image: &str) -> String {
    let name = image.split_once('/').map_or(image, |(_, name)| name);
    match name.split_once("@sha256:") {
        Some((name, digest)) => format!("{name}@sha256:{}", digest.get(..12).unwrap_or(digest)),
        None => name.to_owned(),
    }
}
