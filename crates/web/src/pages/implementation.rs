//! `/invoering`.

use crate::routes::Routes;

/// Every page of it.
pub fn routes() -> Routes {
    Routes::new()
}
