//! Secrets of the installation, such as the key that signs tokens: made once, kept wrapped in the key store, the same
//! for every instance.

use crate::seal::Place;
use crate::value::params;
use crate::{Error, Result, Store, random};
use zeroize::Zeroizing;

impl Store {
    /// The secret of this name; made where there is none yet.
    pub async fn secret(&self, name: &'static str) -> Result<Zeroizing<[u8; 32]>> {
        // Apart from the store's own, whatever the name.
        let key = format!("secret:{name}");
        let place = Place::of("secret", &key);
        let core = &self.core;
        let sql = "SELECT wrapped FROM secret WHERE name = ?1";
        let mut found = core.db.key_rows(sql, params![&key]).await?;
        if found.is_empty() {
            let made = core.masters().wrap(place, &Zeroizing::new(random::bytes()))?;
            let insert = "INSERT INTO secret (name, wrapped) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
            core.db.key_execute(insert, params![&key, &made]).await?;
            // Another instance may have been first: what counts is what stands there.
            found = core.db.key_rows(sql, params![&key]).await?;
        }
        let wrapped = found.first_mut().ok_or(Error::Bug("a secret is not there"))?.blob(0)?;
        core.unwrap_key(place, wrapped)
    }
}
