//! All that decides who sees what of a patient, now or at another moment, and the words for it.

use super::SeesRow;
use crate::app::App;
use domain::access::{Permit, Relation};
use domain::consent::{Consent, Level, Said, Scope, Sharing};
use domain::ident::{OrganisationId, PersonId};
use domain::seen::Seen;
use jiff::Timestamp;
use store::organisations::Organisation;
use store::sharing::SharingEvent;
use store::team::{Member, Membership};

/// All that decides who sees what.
pub struct Ground {
    /// Who is or was in the care team.
    pub team: Vec<Membership>,
    /// Who delivered or registered, and since when.
    pub delivered: Vec<(OrganisationId, Timestamp)>,
    /// What was said about sharing, oldest first.
    pub events: Vec<SharingEvent>,
    /// The organisations that give care.
    pub organisations: Vec<Organisation>,
}

impl Ground {
    /// Reads it, and what holds now.
    ///
    /// # Errors
    /// Where the permit is not for it, or the store fails.
    pub async fn of(app: &App, permit: &Permit) -> Result<(Self, Consent), store::Error> {
        let now = app.clock().now();
        let store = app.store();
        let (consent, events) = store.sharing(permit, now).await?;
        let (team, delivered) = (store.team(permit, now).await?, store.deliverers(permit, now).await?);
        let mut organisations = store.organisations().await?;
        organisations.retain(|o| o.kind.gives_care());
        Ok((Self { team, delivered, events, organisations }, consent))
    }

    /// What ties an organisation to the patient at a moment, with this consent.
    pub fn relation(&self, organisation: &Organisation, consent: &Consent, at: Timestamp) -> Relation {
        let member = Member::Organisation(organisation.id.clone());
        let (sharing, level) = consent.towards(&organisation.id, Some(organisation.kind));
        Relation {
            team: self.team.iter().any(|m| m.member == member && m.from <= at && m.until.is_none_or(|u| u > at)),
            delivered: self.delivered.iter().any(|(id, since)| *id == organisation.id && *since <= at),
            sharing,
            level,
            ..Relation::default()
        }
    }

    /// Was this person in the care team themselves at a moment, whatever organisation they act for?
    pub fn has_person(&self, person: &PersonId, at: Timestamp) -> bool {
        let member = Member::Person(person.clone());
        self.team.iter().any(|m| m.member == member && m.from <= at && m.until.is_none_or(|u| u > at))
    }

    /// What was said until a moment.
    pub fn consent_at(&self, at: Timestamp) -> Consent {
        let mut consent = Consent::default();
        self.events.iter().filter(|e| e.at <= at).for_each(|e| consent.hear(&e.said));
        consent
    }

    /// What each organisation sees at a moment, with this consent and with that.
    pub fn sees(&self, now: &Consent, then: &Consent, at: Timestamp) -> Vec<SeesRow> {
        let row = |o: &Organisation| SeesRow {
            name: o.name.clone(),
            kind: o.kind.dutch(),
            now: Seen::by(o.kind, self.relation(o, now, at)).dutch(),
            then: Seen::by(o.kind, self.relation(o, then, at)).dutch(),
        };
        self.organisations.iter().map(row).collect()
    }

    fn named(&self, id: &OrganisationId) -> String {
        let found = self.organisations.iter().find(|o| o.id == *id);
        found.map_or_else(|| "een organisatie die hier niet meer is".to_owned(), |o| o.name.clone())
    }

    /// For whom something was said, in words.
    fn scope(&self, scope: &Scope) -> String {
        match scope {
            Scope::Everyone => "alle betrokken zorgverleners".to_owned(),
            Scope::Kind(kind) => format!("elke organisatie van de soort {}", kind.dutch()),
            Scope::Organisation(id) => self.named(id),
            Scope::Relatives(part) => format!("naasten, het deel ‘{}’", part.dutch()),
        }
    }

    /// What was said, in a sentence.
    pub fn said(&self, said: &Said) -> String {
        match (&said.scope, said.value) {
            (scope, Sharing::Agreed) => format!("Delen mag met {}.", self.scope(scope)),
            (scope, Sharing::Refused) => format!("Delen mag niet met {}.", self.scope(scope)),
            (scope, Sharing::Unknown) => format!("Nog niet bekend, of teruggenomen, voor {}.", self.scope(scope)),
        }
    }

    /// What holds, in sentences.
    pub fn holds(&self, consent: &Consent) -> Vec<String> {
        let say = |scope, value| self.said(&Said { scope, ..Said::for_everyone(value) });
        let mut all = vec![match consent.everyone {
            Sharing::Unknown => "Of delen mag met alle betrokken zorgverleners, is nog niet bekend.".to_owned(),
            value => say(Scope::Everyone, value),
        }];
        all.extend(consent.kinds.iter().map(|(kind, value)| say(Scope::Kind(*kind), *value)));
        all.extend(consent.organisations.iter().map(|(id, value)| say(Scope::Organisation(id.clone()), *value)));
        all.extend(consent.not_for_relatives.iter().map(|part| say(Scope::Relatives(*part), Sharing::Refused)));
        all
    }
}

/// What a decision rested on, each in a sentence.
pub fn grounds(relation: Relation) -> Vec<String> {
    let yes_no = |yes: bool| if yes { "ja" } else { "nee" };
    let sharing = match relation.level {
        Some(Level::Organisation) => "gezegd over deze organisatie",
        Some(Level::Kind) => "gezegd over deze soort organisatie",
        Some(Level::Everyone) => "gezegd voor alle betrokken zorgverleners",
        None => "er was niets over gezegd",
    };
    vec![
        format!("In het zorgteam: {}.", yes_no(relation.team)),
        format!("Had gegevens aangeleverd of de patiënt ingeschreven: {}.", yes_no(relation.delivered)),
        format!("Toestemming om te delen: {} ({sharing}).", relation.sharing.dutch()),
    ]
}
