//! Who records: the signed-in person as recorder of a version and as professional within a plan.

use crate::app::App;
use crate::session::SignedIn;
use domain::code::{Coding, system};
use domain::people::{Professional, ProfessionalKey};
use domain::plan::Recorder;

/// The recorder of a version.
pub fn recorder(who: &SignedIn) -> Recorder {
    Recorder {
        person: Some(who.person.clone()),
        client: None,
        name: who.actor.name.clone(),
        role: who.actor.role,
        organisation: who.organisation.id.clone(),
        organisation_name: who.organisation.name.clone(),
    }
}

/// The professional as the plan knows them; the key is local to an input.
///
/// # Errors
/// Where the store fails.
pub async fn professional(app: &App, who: &SignedIn) -> Result<Professional, store::Error> {
    let person = app.store().person(&who.person).await?.ok_or(store::Error::Missing("person"))?;
    let specialty = who.actor.role.map(|role| {
        let (code, display) = role.uzi_role();
        Coding::new(system::UZI_ROLE, code, display)
    });
    Ok(Professional {
        key: ProfessionalKey(1),
        name: person.name,
        agb: person.agb,
        uzi: person.uzi,
        big: person.big,
        specialty: specialty.into_iter().collect(),
        organisation: Some(who.organisation.name.clone()),
        identifiers: Vec::new(),
        role_identifiers: Vec::new(),
        person: Some(person.id),
        changed_in: 0,
    })
}
