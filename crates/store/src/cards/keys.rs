//! The keys with which codes are signed. A private key is a secret of the key store, wrapped as all of them are; when
//! the next takes its place it is destroyed, and the public half stays: old cards can still be checked.

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::seal::Place;
use crate::value::params;
use crate::{Error, Result, Store, random};
use jiff::Timestamp;
use zeroize::Zeroizing;

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardKey {
    /// Its number, which stands in each code.
    pub number: u32,
    /// The key: 32 bytes of Ed25519.
    pub public: [u8; 32],
    /// From when.
    pub made_at: Timestamp,
    /// Since when nothing is signed with it any more.
    pub ended_at: Option<Timestamp>,
}

struct Put {
    number: u32,
    public: [u8; 32],
    entry: Entry,
}

fn name(number: u32) -> String {
    format!("card:{number}")
}

impl Store {
    /// Every public key, oldest first.
    pub async fn card_keys(&self) -> Result<Vec<CardKey>> {
        let sql = "SELECT number, made_at, ended_at, public FROM card_key ORDER BY number";
        let rows = self.core.db.rows(sql, &[]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(CardKey {
                    number: row.count(0)?,
                    made_at: row.time(1)?,
                    ended_at: row.opt_time(2)?,
                    public: row.digest(3)?,
                })
            })
            .collect()
    }

    /// The private key of this number: 32 bytes from which the rest follows; `None` where it is not there.
    pub async fn card_seed(&self, number: u32) -> Result<Option<Zeroizing<[u8; 32]>>> {
        let name = name(number);
        let sql = "SELECT wrapped FROM secret WHERE name = ?1";
        let mut found = self.core.db.key_rows(sql, params![&name]).await?;
        let Some(row) = found.first_mut() else { return Ok(None) };
        self.core.unwrap_key(Place::of("secret", &name), row.blob(0)?).map(Some)
    }

    /// Makes a private key of this number, unless another instance was first; gives the one that is there.
    pub async fn make_card_seed(&self, number: u32) -> Result<Zeroizing<[u8; 32]>> {
        let name = name(number);
        let made = self.core.masters().wrap(Place::of("secret", &name), &Zeroizing::new(random::bytes()))?;
        let insert = "INSERT INTO secret (name, wrapped) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
        self.core.db.key_execute(insert, params![&name, &made]).await?;
        self.card_seed(number).await?.ok_or(Error::Bug("a secret is not there"))
    }

    /// Publishes a key: from now on it is the one in use. Private keys before it are destroyed.
    pub async fn put_card_key(&self, number: u32, public: [u8; 32], now: Timestamp) -> Result<()> {
        let entry = Entry::program(now, "rotate-keys", format!("card key {number}"));
        self.core.db.write(Put { number, public, entry }).await?;
        for before in 1..number {
            self.core.db.key_execute("DELETE FROM secret WHERE name = ?1", params![&name(before)]).await?;
        }
        Ok(())
    }
}

impl Job for Put {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let sql = "INSERT INTO card_key (number, public, made_at) VALUES (?1, ?2, ?3) ON CONFLICT (number) DO NOTHING";
        if tx.execute(sql, params![self.number, &self.public, self.entry.at]).await? == 0 {
            // Another instance published the same.
            return Ok(());
        }
        let end = "UPDATE card_key SET ended_at = ?2 WHERE number < ?1 AND ended_at IS NULL";
        tx.execute(end, params![self.number, self.entry.at]).await?;
        tx.append(std::slice::from_ref(&self.entry))
    }
}
