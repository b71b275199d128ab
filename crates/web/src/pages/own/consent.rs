//! `/mijn/{id}/toestemming`: what the patient chose about sharing, and choosing anew: first shown who would see what,
//! then recorded (D2). It counts from the next request on.

use super::{Id, Visit};
use crate::access::ask_own;
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::consent::Ground;
use crate::pages::dutch;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::render::{Answer, Told, done, page, refused};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Basis, Own, Relation, Sharing};
use domain::consent::{Consent, GivenBy, How, Part, Said, Scope};
use domain::ident::OrganisationId;
use domain::organisation::OrganisationKind;
use domain::seen::Seen;
use domain::words;
use store::organisations::Organisation;
use store::sharing::SharingEvent;
use store::team::Member;

/// Kinds that a patient may choose about.
const KINDS: [OrganisationKind; 6] = [
    OrganisationKind::GpPractice,
    OrganisationKind::HomeCare,
    OrganisationKind::NursingHome,
    OrganisationKind::Hospital,
    OrganisationKind::Hospice,
    OrganisationKind::OutOfHours,
];

/// The page to choose.
#[derive(Template)]
#[template(path = "own/consent.html")]
pub struct OwnConsentPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Who sees what now.
    pub now: Vec<Sees>,
    /// All carers.
    pub everyone: Field,
    /// By kind.
    pub kinds: Vec<Field>,
    /// By organisation, named before.
    pub named: Vec<Field>,
    /// One more organisation.
    pub another: Field,
    /// What about it.
    pub another_choice: Field,
    /// Parts for relatives.
    pub parts: Vec<PartBox>,
    /// What was said before, newest first.
    pub earlier: Vec<String>,
}

/// The page that shows what would follow.
#[derive(Template)]
#[template(path = "own/consent_preview.html")]
pub struct OwnPreviewPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Who would see what.
    pub then: Vec<Sees>,
    /// Nothing changes.
    pub same: bool,
    /// The choices, carried along.
    pub fields: Vec<(String, String)>,
}

/// Who sees what, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sees {
    /// Who.
    pub who: String,
    /// What they see.
    pub what: String,
    /// Differs from what holds now.
    pub changed: bool,
}

/// A part that may be kept from relatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartBox {
    /// Name of the field.
    pub name: String,
    /// Words.
    pub label: String,
    /// Kept from relatives.
    pub kept: bool,
}

fn several(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::GpPractice => "Huisartsen",
        OrganisationKind::HomeCare => "Thuiszorgorganisaties",
        OrganisationKind::NursingHome => "Verpleeghuizen",
        OrganisationKind::Hospital => "Ziekenhuizen",
        OrganisationKind::Hospice => "Hospices",
        OrganisationKind::OutOfHours => "Huisartsenposten en ambulancediensten",
        OrganisationKind::Region => "Regionale netwerken",
        OrganisationKind::Other => "Andere organisaties",
    }
}

/// What a patient's consent comes to, for those who are asked about, by the rules that decide it when they ask. `team`
/// sees the plan whatever was said.
pub fn preview(now: &Consent, then: &Consent, team: &[String], named: &[(Organisation, Relation)]) -> Vec<Sees> {
    let nobody = Own::organisation();
    let mut all = Vec::new();
    if !team.is_empty() {
        let who = format!("Het zorgteam: {}", words::join(team));
        all.push(Sees { who, what: Seen::Plan(Basis::Team).plain(true), changed: false });
    }
    let mut row = |who: &str, id: &OrganisationId, kind: OrganisationKind, tie: Relation, several: bool| {
        let sees = |consent: &Consent| {
            let (sharing, level) = consent.towards(id, Some(kind));
            Seen::by(kind, Relation { sharing, level, ..tie }).plain(several)
        };
        let what = sees(then);
        all.push(Sees { who: who.to_owned(), changed: sees(now) != what, what });
    };
    for kind in KINDS {
        row(several(kind), &nobody, kind, Relation::default(), true);
    }
    for (o, tie) in named {
        row(&o.name, &o.id, o.kind, *tie, false);
    }
    let kept: Vec<&str> = then.not_for_relatives.iter().map(|p| p.dutch()).collect();
    let what = if kept.is_empty() {
        "zien het hele plan.".to_owned()
    } else {
        format!("zien het plan, maar niet: {}.", words::join(&kept))
    };
    let changed = now.not_for_relatives != then.not_for_relatives;
    all.push(Sees { who: "Naasten met een eigen inlog".to_owned(), what, changed });
    all
}

/// What is newly said by these choices, where they differ from what holds.
///
/// # Errors
/// What is wrong, at its field.
pub fn said(now: &Consent, fields: &Fields, known: &[Organisation], by: GivenBy) -> Result<Vec<Said>, Vec<Problem>> {
    let say = |scope, value| Said { scope, value, by, how: How::OwnPage, note: None };
    let mut all = Vec::new();
    let mut wrong = Vec::new();
    if fields.get("wat") == "intrekken" {
        return Ok(withdrawn(now, say));
    }
    match fields.get("iedereen") {
        code @ ("agreed" | "refused" | "unknown") => {
            let value = Sharing::of_code(code);
            if value != now.everyone {
                all.push(say(Scope::Everyone, value));
            }
        }
        _ => wrong.push(Problem::at("iedereen", "Kies wat u wilt voor alle zorgverleners.")),
    }
    for kind in KINDS {
        let name = format!("soort.{}", kind.code());
        let value = Sharing::of_code(fields.get(&name));
        if fields.has(&name) && value != now.kinds.get(&kind).copied().unwrap_or_default() {
            all.push(say(Scope::Kind(kind), value));
        }
    }
    for (id, before) in &now.organisations {
        let name = format!("organisatie.{id}");
        let value = Sharing::of_code(fields.get(&name));
        if fields.has(&name) && value != *before {
            all.push(say(Scope::Organisation(id.clone()), value));
        }
    }
    if let Some(another) = fields.filled("nieuw") {
        match (known.iter().find(|o| o.id.as_str() == another), fields.get("nieuw-wat")) {
            (None, _) => {
                wrong.push(Problem::at("nieuw", "Deze organisatie kennen wij niet. Kies er een uit de lijst."));
            }
            (Some(o), code @ ("agreed" | "refused")) => {
                all.push(say(Scope::Organisation(o.id.clone()), Sharing::of_code(code)));
            }
            (Some(o), _) => {
                wrong.push(Problem::at("nieuw-wat", format!("Kies of {} het plan mag zien.", o.name)));
            }
        }
    }
    for part in Part::ALL {
        let keeps = fields.has(&format!("naasten.{}", part.code()));
        if keeps != now.not_for_relatives.contains(part) {
            all.push(say(Scope::Relatives(*part), if keeps { Sharing::Refused } else { Sharing::Agreed }));
        }
    }
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}

/// Everything that is open closes: for all, and what was agreed more narrowly.
fn withdrawn(now: &Consent, say: impl Fn(Scope, Sharing) -> Said) -> Vec<Said> {
    let mut all = Vec::new();
    if now.everyone != Sharing::Refused {
        all.push(say(Scope::Everyone, Sharing::Refused));
    }
    let agreed = |v: &Sharing| *v == Sharing::Agreed;
    let kinds = now.kinds.iter().filter(|(_, v)| agreed(v));
    all.extend(kinds.map(|(kind, _)| say(Scope::Kind(*kind), Sharing::Refused)));
    let named = now.organisations.iter().filter(|(_, v)| agreed(v));
    all.extend(named.map(|(id, _)| say(Scope::Organisation(id.clone()), Sharing::Refused)));
    all
}

/// What was said once, in a sentence.
fn told(event: &SharingEvent, known: &[Organisation], today: jiff::civil::Date) -> String {
    let said = &event.said;
    let whom = match &said.scope {
        Scope::Everyone => "alle betrokken zorgverleners".to_owned(),
        Scope::Kind(kind) => several(*kind).to_lowercase(),
        Scope::Organisation(id) => {
            known.iter().find(|o| o.id == *id).map_or_else(|| "een organisatie".to_owned(), |o| o.name.clone())
        }
        Scope::Relatives(part) => format!("naasten, over {}", part.dutch()),
    };
    let by = said.by.dutch();
    let when = words::capitalised(&dutch::recently(event.at, today));
    format!("{when}: {} voor {whom} (gezegd door {by}, {}).", said.value.dutch(), said.how.dutch())
}

/// What the page needs to know beside the consent.
struct Around {
    team: Vec<String>,
    known: Vec<Organisation>,
    /// Those that were named, with what ties them to the patient whatever is said.
    named: Vec<(Organisation, Relation)>,
}

async fn around(app: &App, visit: &Visit, also: Option<&str>) -> Result<Around, PageError> {
    let now = app.clock().now();
    let known = app.store().organisations().await?;
    let (ground, _) = Ground::of(app, &visit.read).await?;
    let mut team = Vec::new();
    for m in ground.team.iter().filter(|m| m.until.is_none_or(|u| u > now)).map(|m| m.member.clone()) {
        match m {
            Member::Organisation(id) => team.extend(known.iter().find(|o| o.id == id).map(|o| o.name.clone())),
            Member::Person(id) => team.extend(app.store().person(&id).await?.map(|p| p.name.full())),
        }
    }
    let is_named = |o: &&Organisation| visit.consent.organisations.contains_key(&o.id) || also == Some(o.id.as_str());
    let tied = |o: &Organisation| (o.clone(), ground.relation(o, &visit.consent, now));
    let named = known.iter().filter(is_named).map(tied).collect();
    Ok(Around { team, known, named })
}

fn choices() -> Vec<Choice> {
    vec![
        Choice::of("", "Zoals voor alle zorgverleners"),
        Choice::of("agreed", "Mogen het plan zien"),
        Choice::of("refused", "Mogen het plan niet zien"),
    ]
}

async fn view(
    app: &App,
    visit: &Visit,
    typed: Option<&Fields>,
    errors: Vec<Problem>,
) -> Result<OwnConsentPage, PageError> {
    let around = around(app, visit, None).await?;
    let (_, events) = app.store().sharing(&visit.read, app.clock().now()).await?;
    let consent = &visit.consent;
    let value = |name: &str, now: &str| typed.map_or_else(|| now.to_owned(), |f| f.get(name).to_owned());
    let narrow = |v: Option<&Sharing>| v.filter(|v| **v != Sharing::Unknown).map_or("", |v| v.code());
    let pick = |name: String, label: &str, now: &str| {
        Field::select(&name, label, &value(&name, now), choices()).checked(&errors)
    };
    let everyone = Field::radios(
        "iedereen",
        "Mogen alle betrokken zorgverleners het plan zien?",
        &value("iedereen", consent.everyone.code()),
        vec![
            Choice::of("agreed", "Ja, dat is goed"),
            Choice::of("refused", "Nee, dat wil ik niet"),
            Choice::of("unknown", "Dat weet ik nog niet"),
        ],
    );
    let kinds = KINDS.iter().map(|k| pick(format!("soort.{}", k.code()), several(*k), narrow(consent.kinds.get(k))));
    let named = around
        .named
        .iter()
        .map(|(o, _)| pick(format!("organisatie.{}", o.id), &o.name, narrow(consent.organisations.get(&o.id))));
    let mut others = vec![Choice::of("", "Geen")];
    let more = around.known.iter().filter(|o| o.kind != OrganisationKind::Region);
    let more = more.filter(|o| !consent.organisations.contains_key(&o.id));
    others.extend(more.map(|o| Choice::of(o.id.as_str(), o.name.clone())));
    let parts = Part::ALL.iter().map(|p| {
        let name = format!("naasten.{}", p.code());
        let kept = typed.map_or_else(|| consent.not_for_relatives.contains(p), |f| f.has(&name));
        PartBox { name, label: words::capitalised(p.dutch()), kept }
    });
    Ok(OwnConsentPage {
        frame: visit.below("Wie mag het plan zien?").failing(!errors.is_empty()),
        id: visit.id.to_string(),
        now: preview(consent, consent, &around.team, &around.named),
        everyone: everyone.checked(&errors),
        kinds: kinds.collect(),
        named: named.collect(),
        another: Field::select("nieuw", "Nog een organisatie", &value("nieuw", ""), others).checked(&errors),
        another_choice: Field::radios(
            "nieuw-wat",
            "Mag deze organisatie het plan zien?",
            &value("nieuw-wat", ""),
            vec![Choice::of("agreed", "Ja"), Choice::of("refused", "Nee")],
        )
        .checked(&errors),
        parts: parts.collect(),
        earlier: events.iter().rev().map(|e| told(e, &around.known, app.clock().today())).collect(),
        errors,
    })
}

/// `GET /mijn/{id}/toestemming`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id, Query(told): Query<Told>) -> Answer {
    let visit = Visit::of(&app, who, &id, "own page").await?;
    ask_own(&app, &visit.who.actor, Action::RecordConsent, &visit.id).await?;
    let mut view = view(&app, &visit, None, Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}

/// `POST /mijn/{id}/toestemming`: shows what would follow, and records it when that was said to be right.
pub async fn post(State(app): State<App>, Path(id): Id, SignedForm { who, fields }: SignedForm) -> Answer {
    let visit = Visit::of(&app, who, &id, "own page").await?;
    let permit = ask_own(&app, &visit.who.actor, Action::RecordConsent, &visit.id).await?;
    let around = around(&app, &visit, fields.filled("nieuw")).await?;
    let by = if visit.is_me() { GivenBy::Patient } else { GivenBy::Representative };
    let all = match said(&visit.consent, &fields, &around.known, by) {
        Ok(all) => all,
        Err(errors) => return Ok(refused(&view(&app, &visit, Some(&fields), errors).await?)),
    };
    if fields.get("stap") == "bewaar" {
        if !all.is_empty() {
            app.store().set_sharing(&permit, &all, app.clock().now()).await?;
        }
        return Ok(done(&format!("/mijn/{}/toestemming", visit.id), Notice::ConsentChosen));
    }
    let mut then = visit.consent.clone();
    for said in &all {
        then.hear(said);
    }
    let carried = fields.0.into_iter().filter(|(name, _)| !matches!(name.as_str(), "csrf" | "stap")).collect();
    Ok(page(&OwnPreviewPage {
        frame: visit.frame("Klopt dit?").back_to(format!("/mijn/{}/toestemming", visit.id), "Wie mag het plan zien?"),
        id: visit.id.to_string(),
        then: preview(&visit.consent, &then, &around.team, &around.named),
        same: all.is_empty(),
        fields: carried,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    fn house(n: u128) -> Organisation {
        Organisation::new(OrganisationId::from_bits(n), "Ziekenhuis", OrganisationKind::Hospital)
    }

    #[test]
    fn only_what_differs_is_said() {
        let mut now = Consent { everyone: Sharing::Agreed, ..Consent::default() };
        now.organisations.insert(OrganisationId::from_bits(1), Sharing::Agreed);
        let same = fields(&[("iedereen", "agreed"), ("soort.hospital", ""), ("naasten.x", "ja")]);
        assert_eq!(said(&now, &same, &[], GivenBy::Patient), Ok(Vec::new()));
        let other = fields(&[
            ("iedereen", "agreed"),
            ("soort.hospital", "refused"),
            ("naasten.euthanasia", "ja"),
            ("nieuw", house(2).id.as_str()),
            ("nieuw-wat", "agreed"),
        ]);
        let scopes: Vec<_> = said(&now, &other, &[house(2)], GivenBy::Representative).unwrap();
        assert_eq!(scopes.len(), 3);
        assert!(scopes.iter().all(|s| s.by == GivenBy::Representative && s.how == How::OwnPage));
        for wrong in [
            fields(&[]),
            fields(&[("iedereen", "ja")]),
            fields(&[("iedereen", "agreed"), ("nieuw", "x"), ("nieuw-wat", "agreed")]),
        ] {
            assert!(said(&now, &wrong, &[house(2)], GivenBy::Patient).is_err());
        }
    }

    #[test]
    fn withdrawing_closes_what_was_opened_more_narrowly_too() {
        let one = house(1);
        let mut now = Consent { everyone: Sharing::Agreed, ..Consent::default() };
        now.organisations.insert(one.id.clone(), Sharing::Agreed);
        now.kinds.insert(OrganisationKind::Hospice, Sharing::Agreed);
        let mut then = now.clone();
        for said in said(&now, &fields(&[("wat", "intrekken")]), &[], GivenBy::Patient).unwrap() {
            then.hear(&said);
        }
        let seen = preview(&now, &then, &["De Linde".to_owned()], &[(one, Relation::default())]);
        let open: Vec<_> = seen.iter().filter(|s| s.what.contains("het plan zien")).collect();
        assert!(open.is_empty(), "{open:?}");
        assert!(seen.iter().filter(|s| s.changed).count() >= 7);
        assert!(seen[0].what.starts_with("zien het plan"), "the team goes on");
    }
}
