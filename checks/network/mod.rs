//! Network isolation: who can reach a workload, and whom it can reach.

use crate::prelude::*;

pub(crate) mod endpoints;
pub(crate) mod home_access;
pub(crate) mod security_groups;
pub(crate) mod ways_out;

section! { Network:
    notebook_no_direct_internet::NotebookNoDirectInternet,
    path_internet_notebook_privileged_role::PathInternetNotebookPrivilegedRole,
    path_endpoint_exfil_capable::PathEndpointExfilCapable,
    notebook_in_vpc::NotebookInVpc,
    notebook_subnet_private::NotebookSubnetPrivate,
    notebook_sg_restricted::NotebookSgRestricted,
    domain_vpc_only::DomainVpcOnly,
    domain_subnets_private::DomainSubnetsPrivate,
    domain_sg_restricted::DomainSgRestricted,
    training_in_vpc::TrainingInVpc,
    training_network_isolation::TrainingNetworkIsolation,
    processing_in_vpc::ProcessingInVpc,
    processing_network_isolation::ProcessingNetworkIsolation,
    model_in_vpc::ModelInVpc,
    model_network_isolation::ModelNetworkIsolation,
    workload_sg_restricted::WorkloadSgRestricted,
    vpc_nacl_not_wide_open::VpcNaclNotWideOpen,
    vpce_sagemaker_api::VpceSagemakerApi,
    vpce_sagemaker_runtime::VpceSagemakerRuntime,
    vpce_s3::VpceS3,
    vpce_supporting_services::VpceSupportingServices,
    vpce_policy_restrictive::VpcePolicyRestrictive,
    vpce_private_dns::VpcePrivateDns,
    workforce_ip_allowlist::WorkforceIpAllowlist,
    workforce_in_vpc::WorkforceInVpc,
    workteam_presign_ip_bound::WorkteamPresignIpBound,
    domain_home_efs_mount_targets_restricted::DomainHomeEfsMountTargetsRestricted,
    s3_ml_bucket_vpce_bound::S3MlBucketVpceBound,
    hyperpod_eks_endpoint_private::HyperpodEksEndpointPrivate,
    hyperpod_in_vpc::HyperpodInVpc,
    vpce_security_group_scoped::VpceSecurityGroupScoped,
    egress_filtered::EgressFiltered,
    space_remote_access_disabled::SpaceRemoteAccessDisabled,
    path_public_api_to_endpoint::PathPublicApiToEndpoint,
}

/// The verdict on containers that were given this network configuration.
fn joins(vpc: &VpcConfig) -> Verdict {
    let (subnets, groups) = (vpc.subnets.len(), vpc.security_groups.len());
    let verdict = if subnets == 0 || groups == 0 {
        fail("its VpcConfig names no subnet or no security group")
    } else {
        pass(format!("its containers join {subnets} subnet(s) of yours, behind {groups} security group(s)"))
    };
    verdict.with("subnets", vpc.subnets.clone()).with("security_groups", vpc.security_groups.clone())
}
