//! Secrets of the installation, such as the key that signs tokens: made once, kept wrapped in the key store, the same
//! for every instance.

use crate::{Error, Result, Store};
use zeroize::Zeroizing;

impl Store {
    /// The secret of this name; made where there is none yet.
    pub async fn secret(&self, _name: &'static str) -> Result<Zeroizing<[u8; 32]>> {
        Err(Error::Bug("not filled in"))
    }
}
