//! Where workers sign in.

use crate::prelude::*;

/// The Cognito user pool of a workforce; `None` where another identity provider signs its workers in.
pub(super) fn user_pool<'w>(workforce: &Workforce, here: &Here<'w>) -> Result<Option<&'w UserPool>, Unseen> {
    let Some(id) = workforce.user_pool.get()? else { return Ok(None) };
    let pool = here.region.user_pools.find(|pool| pool.id == *id)?;
    pool.map(Some).ok_or_else(|| unclear(format!("user pool {id} does not exist (any more)")))
}
