//! People as another system knows them.

use crate::value::params;
use crate::{Error, Result, Store};
use domain::ident::PersonId;

/// By what another system knows somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownAs {
    /// User name.
    Username,
    /// UZI number.
    Uzi,
    /// AGB code.
    Agb,
}

impl Store {
    /// People who may sign in and are known so; two at most, for with two nobody can tell which.
    pub async fn people_known_as(&self, known: KnownAs, value: &str) -> Result<Vec<PersonId>> {
        let sql = match known {
            KnownAs::Username => "SELECT person_id FROM person WHERE username_key = ?1 AND active = 1 LIMIT 2",
            KnownAs::Uzi => "SELECT person_id FROM person WHERE uzi = ?1 AND active = 1 LIMIT 2",
            KnownAs::Agb => "SELECT person_id FROM person WHERE agb = ?1 AND active = 1 LIMIT 2",
        };
        let value = if known == KnownAs::Username { value.trim().to_lowercase() } else { value.trim().to_owned() };
        let rows = self.core.db.rows(sql, params![&value]).await?;
        let id = |text: String| PersonId::parse(&text).map_err(|_| Error::Bug("a table holds what is no person's id"));
        rows.into_iter().map(|mut row| id(row.text(0)?)).collect()
    }
}
