//! Sessions and the roles they run under: what the path checks of this section share.

use crate::paths::Survey;
use crate::paths::stage::Piece;
use crate::prelude::*;

/// What tells notebooks, profiles, and everyone's rights.
pub(super) const TABLES: &[Table] = &[
    Table::Notebooks,
    Table::LifecycleConfigs,
    Table::Domains,
    Table::UserProfiles,
    Table::Users,
    Table::Groups,
    Table::Roles,
    Table::Policies,
    Table::Organization,
];

/// The role that the piece runs under; `None` when it provably does not exist (any more).
pub(super) fn role_of(piece: &Piece, survey: &Survey) -> Result<Option<usize>, Unseen> {
    match (piece.roles.first(), &piece.doubt) {
        (Some((arn, _)), _) => survey.find(arn),
        (None, Some(gap)) => Err(Unseen(gap.clone())),
        (None, None) => Err(unclear("the answer carries no execution role")),
    }
}

/// The name of a role.
pub(super) fn name(role: usize, survey: &Survey) -> String {
    survey.cast.people.get(role).map_or_else(String::new, |role| role.name.clone())
}

/// Whether acting as the role would be news to the person.
pub(super) fn gains(survey: &Survey, person: usize, role: usize) -> bool {
    let group = |at: usize| survey.cast.people.get(at).map(|p| p.group);
    person != role && group(person) != group(role) && survey.is_ordinary(person)
}
