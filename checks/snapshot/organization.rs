//! The organization an account belongs to, and the policies it puts over the account.

use super::{Listed, Seen, model};

model! {
    /// The organization of the account (DescribeOrganization, which every member account may ask). What lies above the
    /// account (ListParents, ListPoliciesForTarget, DescribePolicy) is told to the management account and to delegated
    /// administrators alone: elsewhere the levels are unseen.
    pub struct Organization {
        /// `Organization.Id`: `o-…`
        pub id: String,
        /// `Organization.MasterAccountId`, which organization policies do not bind
        pub management_account: Seen<String>,
        /// `Organization.FeatureSet`: `ALL`, or `CONSOLIDATED_BILLING`, which knows no organization policies
        pub feature_set: Seen<String>,
        /// DescribeEffectivePolicy with `AISERVICES_OPT_OUT_POLICY`: what all such policies come to for this account, as a
        /// document. No policy is unset.
        pub ai_opt_out: Seen<String>,
        /// From the root of the organization down to the account itself, each with what is attached to it
        pub levels: Listed<OrganizationLevel>,
    }

    /// One step on the way from the root of an organization down to the account.
    pub struct OrganizationLevel {
        /// `r-…`, `ou-…`, or the account id: the target that the policies are attached to
        pub id: String,
        /// `ROOT`, `ORGANIZATIONAL_UNIT` or `ACCOUNT`
        pub kind: String,
        /// Service control policies (ListPoliciesForTarget with `SERVICE_CONTROL_POLICY`). Where the type is enabled no level
        /// is without one; none on any level means that the organization does not use the type
        pub scps: Listed<OrganizationPolicy>,
        /// Resource control policies (ListPoliciesForTarget with `RESOURCE_CONTROL_POLICY`)
        pub rcps: Listed<OrganizationPolicy>,
    }

    /// A service or resource control policy.
    pub struct OrganizationPolicy {
        /// `PolicySummary.Id`: `p-…`
        pub id: String,
        /// `PolicySummary.Name`
        pub name: String,
        /// `Policy.Content` of DescribePolicy
        pub document: Seen<String>,
    }
}
