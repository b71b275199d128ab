//! The demo's patient, representative and relative: invited and let in as anybody is, to one and the same patient; the
//! representative to another patient beside.

use super::life::Life;
use super::region::{Region, place};
use super::{Order, SheetUser};
use crate::app::program;
use crate::password;
use domain::access::{Action, Actor, Own, Relation, Sharing, Who, permit};
use domain::date::TIME_ZONE;
use domain::ident::PatientId;
use domain::patient::Patient;
use domain::policy::Policy;
use domain::prepare::{Language, Prepared, Question};
use domain::rights::Kind;
use jiff::tz::TimeZone;
use store::accounts::{Code, Invite};
use store::organisations::{Organisation, OrganisationKind};
use store::people::Person;
use store::{Error, Store};

/// A patient of the first practice, with a plan.
struct Whose {
    id: PatientId,
    patient: Patient,
}

impl Whose {
    fn of(life: &Life) -> Self {
        Self { id: life.id.clone(), patient: life.patient.clone() }
    }
}

/// Whose pages the three see.
#[derive(Default)]
pub struct Theirs {
    /// The page of all three: sharing is agreed.
    first: Option<Whose>,
    /// Whom the representative speaks for too: nobody asked them about sharing yet, and a request waits.
    second: Option<Whose>,
}

impl Theirs {
    /// Takes from these lives whom it still lacks.
    pub fn see(&mut self, lives: &[Life]) {
        let planned = |life: &&Life| life.team.contains(&place::PRACTICES[0]) && !life.versions.is_empty();
        for life in lives.iter().filter(planned) {
            match life.sharing {
                Sharing::Agreed if self.first.is_none() => self.first = Some(Whose::of(life)),
                Sharing::Unknown if self.second.is_none() => self.second = Some(Whose::of(life)),
                _ => {}
            }
        }
    }
}

/// What the representative asked; it waits for an answer.
const ASKED: &str = "Bij de contactpersonen staat een oud telefoonnummer van mij. Wilt u dat verbeteren?";
/// What the representative prepared for the conversation, in her own language.
const PREPARED: [(Question, &str); 3] = [
    (Question::Matters, "Müzik, torunları ve bahçesi."),
    (Question::Worries, "Gece yalnız kalmaktan korkuyor."),
    (Question::Present, "Ben ve kardeşim."),
];
/// What the representative wrote with the plan.
const WROTE: &str = "Muziek helpt tegen onrust. Zet de radio aan, dan komt de rust terug.";

/// Lets them in; a region without such a patient has none of them.
pub async fn let_in(
    store: &Store,
    by: &Actor,
    region: &Region,
    theirs: &Theirs,
    dice: &mut fastrand::Rng,
    order: Order,
) -> Result<Vec<SheetUser>, Error> {
    // Where the day of care is set, sessions still live in real time: access begins in both.
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    let now = order.today.to_zoned_datetime(zone).map_or(order.now, |z| z.timestamp().min(order.now));
    // Demo users need no second factor (DESIGN section 6).
    let own = Organisation {
        policy: Policy { second_factor: false, ..Policy::default() },
        ..Organisation::new(Own::organisation(), "Eigen toegang", OrganisationKind::Other)
    };
    store.add_organisation(by, &own, order.now).await?;
    let Some(whose) = &theirs.first else { return Ok(Vec::new()) };
    super::toolkit::given(store, region, &whose.id, order.today).await?;
    let inviting = program(region.organisations[place::PRACTICES[0]].id.clone());
    let mut users = Vec::new();
    for worker in &region.people {
        let Some(own) = Own::of_role(worker.role) else { continue };
        let name = if own == Own::Patient { whose.patient.name.clone() } else { worker.name.clone() };
        let relation = (own == Own::Representative).then(|| "mantelzorger".to_owned());
        let invite = Invite { own, name: name.clone(), relation, from: now, until: None };
        let Some(code) = letter(store, &inviting, whose, &invite).await? else { continue };
        let password = super::password(dice);
        let person = Person {
            id: worker.id.clone(),
            username: worker.username.clone(),
            name: name.clone(),
            agb: None,
            uzi: None,
            big: None,
            active: true,
        };
        let born = whose.patient.birth_date.date_part();
        store.redeem(&code, &born, &person, &password::hash(&password), now).await?;
        if let Some(second) = theirs.second.as_ref().filter(|_| own == Own::Representative) {
            speak_for(store, &inviting, second, &person, &invite).await?;
        }
        users.push(SheetUser {
            username: worker.username.clone(),
            password,
            role: worker.role.code().to_owned(),
            name: name.full(),
            organisation: String::new(),
            patient: Some(whose.id.to_string()),
        });
    }
    Ok(users)
}

/// The code of an invitation.
async fn letter(store: &Store, inviting: &Actor, whose: &Whose, invite: &Invite) -> Result<Option<Code>, Error> {
    let Ok(permit) = permit(inviting, Action::Invite, &whose.id, Relation::default()) else { return Ok(None) };
    let code = Code::fresh();
    store.invite(&permit, &code, invite, invite.from).await?;
    Ok(Some(code))
}

/// The representative has a second letter, and uses the page it opens.
async fn speak_for(
    store: &Store,
    inviting: &Actor,
    whose: &Whose,
    person: &Person,
    invite: &Invite,
) -> Result<(), Error> {
    let now = invite.from;
    let Some(code) = letter(store, inviting, whose, invite).await? else { return Ok(()) };
    store.redeem_as(&code, &whose.patient.birth_date.date_part(), &person.id, now).await?;
    let representative = Actor {
        who: Who::Person(person.id.clone()),
        name: person.name.full(),
        role: Some(invite.own.role()),
        organisation: Own::organisation(),
        nurses_set_limits: false,
        breaks_glass: false,
    };
    let relation = store.relation(&whose.id, &representative, now).await?.unwrap_or_default();
    if let Ok(says) = permit(&representative, Action::OwnWords, &whose.id, relation) {
        store.say(&says, Kind::Statement, WROTE, now).await?;
        let prepared = Prepared {
            language: Language::Turkish,
            answers: PREPARED.iter().map(|(question, text)| (*question, (*text).to_owned())).collect(),
            name: representative.name.clone(),
            represented: true,
            at: now,
        };
        store.prepare(&says, &prepared, 0, now).await?;
        store.say(&says, Kind::Correction, ASKED, now).await?;
    }
    Ok(())
}
