//! The link by which an organisation answers a region's questionnaire without an account (PROCESS M5). Of the link only a keyed
//! hash is kept: it is shown once, and a new one takes the place of the one before.

use crate::job::Statement;
use crate::log::row::Entry;
use crate::notes::note_id;
use crate::organisations::organisation_id;
use crate::value::params;
use crate::{Error, Result, Store, random};
use domain::access::Actor;
use domain::ident::{LinkToken, NoteId, OrganisationId};
use domain::network::Answers;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::Sha256;

/// Whose questionnaire a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Of which region.
    pub region: OrganisationId,
    /// Which organisation of its inventory.
    pub party: NoteId,
    /// The last day on which it opens.
    pub until: Date,
}

impl Store {
    /// Makes a link for an organisation of the actor's inventory, in place of the one before. It is told this once.
    pub async fn issue_link(&self, by: &Actor, party: &NoteId, until: Date, now: Timestamp) -> Result<LinkToken> {
        let token = LinkToken::from_bits(random::bits());
        let hash = self.link_hash("questionnaire", token.as_str().as_bytes()).await?;
        let sql = "INSERT INTO questionnaire_link (organisation_id, note_id, hash, until_day) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (organisation_id, note_id) DO UPDATE SET hash = excluded.hash, until_day = excluded.until_day";
        let until = until.to_string();
        let params = params![by.organisation.as_str(), party.as_str(), &hash, &until];
        let entry = Entry::by(by, now, "note", "network: link issued");
        self.core.db.write(Statement::new(sql, params).logged(entry)).await?;
        Ok(token)
    }

    /// Withdraws the link of an organisation; `false` where there is none.
    pub async fn withdraw_link(&self, by: &Actor, party: &NoteId, now: Timestamp) -> Result<bool> {
        let sql = "DELETE FROM questionnaire_link WHERE organisation_id = ?1 AND note_id = ?2";
        let entry = Entry::by(by, now, "note", "network: link withdrawn");
        let statement = Statement::new(sql, params![by.organisation.as_str(), party.as_str()]).logged(entry);
        Ok(self.core.db.write(statement).await? > 0)
    }

    /// The last day on which the link of an organisation opens, where it has one.
    pub async fn link_until(&self, region: &OrganisationId, party: &NoteId) -> Result<Option<Date>> {
        let sql = "SELECT until_day FROM questionnaire_link WHERE organisation_id = ?1 AND note_id = ?2";
        let row = self.core.db.row(sql, params![region.as_str(), party.as_str()]).await?;
        row.map(|mut row| day(&row.text(0)?)).transpose()
    }

    /// Whose questionnaire a link opens today; `None` for one that is not there, was withdrawn or ran out.
    pub async fn open_link(&self, token: &LinkToken, today: Date) -> Result<Option<Opened>> {
        let hash = self.link_hash("questionnaire", token.as_str().as_bytes()).await?;
        let sql = "SELECT organisation_id, note_id, until_day FROM questionnaire_link WHERE hash = ?1";
        let Some(mut row) = self.core.db.row(sql, params![&hash]).await? else { return Ok(None) };
        let until = day(&row.text(2)?)?;
        let opened = Opened { region: organisation_id(&row.text(0)?)?, party: note_id(&row.text(1)?)?, until };
        Ok((today <= until).then_some(opened))
    }

    /// Keeps what an organisation answered by its link; `seen` as for any note. Nobody is known: the log says that it was done.
    pub async fn write_answers(&self, to: &Opened, answers: &Answers, seen: u32, now: Timestamp) -> Result<bool> {
        let organisation = Some(to.region.as_str().to_owned());
        let entry = Entry { organisation, ..Entry::nobody(now, "note", "network: answers by link") };
        self.put_note(&to.region, &to.party, answers, seen, entry).await
    }

    /// The keyed hash of what opens a page to whoever holds it.
    pub(crate) async fn link_hash(&self, purpose: &'static str, token: &[u8]) -> Result<[u8; 32]> {
        let key = self.secret(purpose).await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&*key).map_err(|_| Error::Bug("a key of any size fits"))?;
        mac.update(token);
        Ok(mac.finalize().into_bytes().into())
    }
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Bug("a table holds what is no day"))
}
