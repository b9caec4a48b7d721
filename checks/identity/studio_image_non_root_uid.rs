use crate::prelude::*;

pub(super) struct StudioImageNonRootUid;

impl Check for StudioImageNonRootUid {
    type On<'w> = &'w AppImageConfig;

    const META: Meta = Meta {
        id: "studio-image-non-root-uid",
        title: "Custom images of Studio do not start as root",
        severity: Severity::Low,
        reads: &[Table::AppImageConfigs],
        practices: &["ID-11"],
        page: include_str!("studio_image_non_root_uid.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, config: &AppImageConfig, _: &Here<'_>) -> Judged {
        let (mut doubt, mut set) = (None, Vec::new());
        let kinds = [
            ("JupyterLab", &config.jupyterlab_uid),
            ("Code Editor", &config.code_editor_uid),
            ("KernelGateway", &config.kernel_gateway_uid),
        ];
        for (kind, uid) in kinds {
            match uid.get() {
                Ok(Some(0)) => {
                    return Ok(fail(format!("{kind} apps run its image as root (DefaultUid 0)")).with("default_uid", 0));
                }
                Ok(Some(uid)) => set.push(*uid),
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(match set.is_empty() {
            true => pass("it leaves the user to Studio, which takes one that is not root"),
            false => pass("apps run its image as a user that is not root").with("default_uid", set),
        })
    }
}
