//! Another source disagrees with the plan here: a task until somebody settles it, however often it is asked. That it was
//! asked stands in the patient's log, and what came of it sealed.

use crate::path::{date, day, known, nurse, open, world};
use crate::world::{Place, gp, log_of, may, recorder};
use domain::access::Action;
use domain::conflicts::Differs;
use domain::date::FhirDateTime;
use domain::elsewhere::{Event, news, weighed};
use domain::ident::PatientId;
use domain::path::What;
use domain::plan::TopicId;
use domain::task::Kind;
use store::log::Outcome;
use store::tasks::Whose;
use store::{Error, Store};

async fn waits(store: &Store, id: &PatientId) -> usize {
    let path = store.path(&may(&gp(1), Action::ReadPlan, id), day(9)).await.unwrap();
    path.tasks.iter().filter(|t| t.kind == Kind::Elsewhere).count()
}

async fn add(store: &Store, id: &PatientId, event: Event, on: i64) {
    let leave = may(&nurse(), Action::FollowUp, id);
    let steps = [(date(on), What::Elsewhere(Box::new(event)))];
    store.add_steps(&leave, &steps, None, &recorder(&nurse()), day(on)).await.unwrap();
}

async fn told(store: &Store, id: &PatientId, source: &str, topics: Vec<Differs>) -> Option<Event> {
    let (steps, _) = store.looking_back(&may(&gp(1), Action::ReadPlan, id)).await.unwrap();
    news(&steps, source, topics, true)
}

pub async fn story(place: Place) {
    let store = place.open().await;
    world(&store).await;
    let id = known(&store, 1).await;
    let cpr = || vec![Differs { topic: TopicId::Cpr, said_on: FhirDateTime::parse("2025-11-08").ok() }];
    for source in ["Ziekenhuis Zonneweide", "Hospice Avondrood"] {
        let event = told(&store, &id, source, cpr()).await.unwrap();
        add(&store, &id, event, 1).await;
    }
    assert_eq!(waits(&store, &id).await, 2, "one for each source");
    assert_eq!(told(&store, &id, "Ziekenhuis Zonneweide", cpr()).await, None, "asked again, it is told no more");
    assert_eq!(
        open(&store, &gp(1), Whose::Organisation, 30).await.iter().filter(|w| w.kind == Kind::Elsewhere).count(),
        2
    );
    // One agrees again, of the other somebody says that the plan here stands.
    let agrees = told(&store, &id, "Hospice Avondrood", Vec::new()).await.unwrap();
    add(&store, &id, agrees, 2).await;
    assert_eq!(waits(&store, &id).await, 1);
    let (steps, _) = store.looking_back(&may(&gp(1), Action::ReadPlan, &id)).await.unwrap();
    add(&store, &id, weighed(&steps, "Ziekenhuis Zonneweide", "met haar besproken").unwrap(), 3).await;
    assert_eq!(waits(&store, &id).await, 0);
    assert_eq!(told(&store, &id, "Ziekenhuis Zonneweide", cpr()).await, None, "that was weighed");

    let leave = may(&gp(1), Action::ReadPlan, &id);
    store.note_asked(&leave, "Ziekenhuis Zonneweide", Outcome::Done, "een plan", day(4)).await.unwrap();
    store.note_asked(&leave, "Hospice Avondrood", Outcome::Failed, "geen antwoord", day(4)).await.unwrap();
    let identity = may(&gp(1), Action::ReadPatient, &id);
    let refused = store.note_asked(&identity, "Ziekenhuis Zonneweide", Outcome::Done, "een plan", day(4)).await;
    assert!(matches!(refused, Err(Error::Permit(_))), "who may not see the plan asks nobody for it");
    let rows = log_of(&store, &id, day(5)).await;
    let of = |source: &str| {
        let row = rows.iter().find(|r| r.data == format!("elsewhere: {source}")).unwrap();
        (row.action.clone(), row.outcome.clone(), row.detail.clone().unwrap())
    };
    let row = |outcome: &str, came: &str| ("ask-elsewhere".to_owned(), outcome.to_owned(), came.to_owned());
    assert_eq!(of("Ziekenhuis Zonneweide"), row("done", "een plan"));
    assert_eq!(of("Hospice Avondrood"), row("failed", "geen antwoord"));
    assert!(store.verify().await.unwrap().is_whole());
}
