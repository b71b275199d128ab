//! `/declaraties/contracten`: contracts, tariffs and the list of insurers of a practice. No amount comes with the program: what is
//! empty says so.

use super::{may_change, may_see};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::days::typed_day;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::render::{Answer, Told, done, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::claims::given::{ContractGiven, Flaw, Part, contract, insurer_lines, insurers};
use domain::claims::{Contract, ContractKind, Insurer, RULES, euros};
use domain::date::{FhirDateTime, local_day};
use domain::ident::ContractId;
use domain::words;
use serde::Deserialize;
use store::claims::{Agreed, Insurers};

/// The page.
#[derive(Template)]
#[template(path = "claims/contracts.html")]
pub struct ContractsPage {
    /// Title, menu.
    pub frame: Frame,
    /// The contracts and tariffs.
    pub rows: Vec<ContractRow>,
    /// Id of the one that is changed; empty: a new one.
    pub id: String,
    /// Revision that was read.
    pub seen: u32,
    /// The form of a contract.
    pub fields: Vec<Field>,
    /// The list of insurers.
    pub insurers: Field,
    /// Its revision that was read.
    pub insurers_seen: u32,
    /// The rules: in words, and where each stands.
    pub rules: Vec<(&'static str, String)>,
    /// May this person change them?
    pub may_change: bool,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A contract in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractRow {
    /// Its id.
    pub id: String,
    /// Revision that was read.
    pub seen: u32,
    /// With whom, and when.
    pub title: String,
    /// Code, amount and so on.
    pub fine: String,
    /// What is still to be filled in.
    pub lacks: String,
    /// It counts no more.
    pub withdrawn: bool,
    /// What it was before, newest first.
    pub past: Vec<String>,
}

impl ContractRow {
    /// The row of a contract, with what it was before.
    pub fn of(agreed: &Agreed, past: &[Agreed]) -> Self {
        let c = &agreed.contract;
        let lacks: Vec<String> = c.lacks().into_iter().map(str::to_owned).collect();
        Self {
            id: agreed.id.to_string(),
            seen: agreed.revision,
            title: words::capitalised(&c.words()),
            fine: fine(c),
            lacks: if lacks.is_empty() || c.withdrawn { String::new() } else { words::join(&lacks) },
            withdrawn: c.withdrawn,
            past: past
                .iter()
                .filter(|p| p.revision < agreed.revision)
                .map(|p| {
                    let state = if p.contract.withdrawn { "; ingetrokken" } else { "" };
                    let day = words::day(local_day(p.at));
                    format!("Op {day} door {}: {}; {}{state}", p.by, p.contract.words(), fine(&p.contract))
                })
                .collect(),
        }
    }
}

fn fine(c: &Contract) -> String {
    let parts = [
        Some(c.kind.dutch().to_owned()),
        c.code.as_ref().map(|code| format!("code {code}")),
        c.cents.map(euros),
        c.most_a_year.map(|n| format!("hoogstens {n} keer per patiënt per jaar")),
        c.least_minutes.map(|n| format!("vanaf {n} minuten")),
        c.source.as_ref().map(|s| format!("bron: {s}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Which contract is to be changed.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    wijzig: String,
}

/// The form of a contract, with what was typed.
pub fn contract_form(typed: &Fields, insurers: &[Insurer], errors: &[Problem]) -> Vec<Field> {
    let text = |name: &str, label: &str| Field::short(name, label, typed.get(name)).checked(errors);
    let kinds = ContractKind::ALL.iter().map(|k| Choice::of(k.code(), words::capitalised(k.dutch()))).collect();
    let mut names: Vec<&str> = insurers.iter().map(|i| i.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut with = vec![Choice::of("", "Kies een verzekeraar")];
    with.extend(names.into_iter().map(|n| Choice::of(n, n)));
    vec![
        Field::radios("soort", "Waar gaat het over?", typed.get("soort"), kinds).checked(errors),
        Field::select("met", "Met welke verzekeraar?", typed.get("met"), with)
            .hint("Bij een tarief van de NZa blijft dit leeg. De namen komen uit uw lijst hieronder.")
            .checked(errors),
        text("vanaf", "Eerste dag").hint("Bijvoorbeeld 01-01-2026."),
        text("tot", "Laatste dag (leeg: tot nader bericht)"),
        text("code", "Code om te declareren").hint("Staat in uw contract. Leeg: nog niet bekend."),
        text("bedrag", "Bedrag in euro’s").hint("Bijvoorbeeld 48,50. Leeg: nog niet bekend."),
        text("hoogstens", "Hoogstens zo vaak per patiënt per jaar (leeg: geen grens)").digits(),
        text("minuten", "Het gesprek duurt minstens zo veel minuten (leeg: geen grens)").digits(),
        Field::text("bron", "Waar staat dit?", typed.get("bron"))
            .hint("Bijvoorbeeld: addendum 2026, artikel 3.")
            .checked(errors),
    ]
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Kind => "soort",
        Part::With => "met",
        Part::From => "vanaf",
        Part::Until => "tot",
        Part::Code => "code",
        Part::Amount => "bedrag",
        Part::Most => "hoogstens",
        Part::Minutes => "minuten",
        Part::Source => "bron",
    }
}

/// A contract as it was kept, in the fields of the form.
fn typed_of(c: &Contract) -> Fields {
    let day = |d: jiff::civil::Date| date_to_type(&FhirDateTime::of_day(d));
    let pairs = [
        ("soort", c.kind.code().to_owned()),
        ("met", c.with.clone()),
        ("vanaf", day(c.from)),
        ("tot", c.until.map(day).unwrap_or_default()),
        ("code", c.code.clone().unwrap_or_default()),
        ("bedrag", c.cents.map(|n| format!("{},{:02}", n / 100, n % 100)).unwrap_or_default()),
        ("hoogstens", c.most_a_year.map(|n| n.to_string()).unwrap_or_default()),
        ("minuten", c.least_minutes.map(|n| n.to_string()).unwrap_or_default()),
        ("bron", c.source.clone().unwrap_or_default()),
    ];
    Fields(pairs.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())
}

async fn filled(
    app: &App,
    who: &SignedIn,
    id: &str,
    typed: Option<&Fields>,
    errors: Vec<Problem>,
) -> Result<ContractsPage, store::Error> {
    let store = app.store();
    let all = store.contracts(&who.organisation.id).await?;
    let list = store.insurers(&who.organisation.id).await?;
    let mut rows = Vec::new();
    for one in &all {
        let past =
            if one.revision > 1 { store.contract_past(&who.organisation.id, &one.id).await? } else { Vec::new() };
        rows.push(ContractRow::of(one, &past));
    }
    let changed = all.iter().find(|a| a.id.as_str() == id);
    let kept = changed.map(|a| typed_of(&a.contract)).unwrap_or_default();
    // Each of the two forms keeps what was typed into it.
    let of_list = typed.filter(|t| t.get("doe") == "verzekeraars");
    let of_contract = typed.filter(|t| t.get("doe") != "verzekeraars").unwrap_or(&kept);
    let seen = |typed: Option<&Fields>, now: u32| typed.map_or(now, Fields::seen);
    let lines = insurer_lines(&list.all);
    Ok(ContractsPage {
        frame: Frame::signed(who, "Contracten", Place::BelowPractice)
            .back_to(if may_see(who) { "/declaraties" } else { "/praktijk/extract" }, "Terug")
            .failing(!errors.is_empty()),
        rows,
        id: changed.map(|a| a.id.to_string()).unwrap_or_default(),
        seen: seen(typed.filter(|t| t.get("doe") == "contract"), changed.map_or(0, |a| a.revision)),
        fields: contract_form(of_contract, &list.all, &errors),
        insurers: Field::area("verzekeraars", "Verzekeraars", of_list.map_or(&lines, |t| t.get("verzekeraars")))
            .hint("Op elke regel een UZOVI-code en een naam, zoals u die van het UZOVI-register kent. Schrijf VGZ en CZ precies zo: daar hangen regels aan.")
            .checked(&errors),
        insurers_seen: seen(of_list, list.revision),
        rules: RULES.iter().filter(|r| r.of == who.organisation.kind).map(|r| (r.words, source(r))).collect(),
        may_change: may_change(who),
        errors,
    })
}

fn source(rule: &domain::claims::ClaimRule) -> String {
    let until = rule.until.map(|d| format!(" tot en met {}", words::day(d))).unwrap_or_default();
    format!("Bron: {}. Geldt vanaf {}{until}.", rule.source, words::day(rule.from))
}

/// `GET /declaraties/contracten`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Query(which): Query<Which>,
    Query(told): Query<Told>,
) -> Answer {
    if !may_see(&who) && !may_change(&who) {
        return Err(PageError::Forbidden);
    }
    let mut view = filled(&app, &who, &which.wijzig, None, Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(show(StatusCode::OK, &view))
}

/// `POST /declaraties/contracten`: a contract, or the list of insurers.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !may_change(&who) {
        return Err(PageError::Forbidden);
    }
    let (store, now) = (app.store(), app.clock().now());
    let id = fields.get("contract").to_owned();
    let refuse = async |errors: Vec<Problem>| -> Answer {
        Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &filled(&app, &who, &id, Some(&fields), errors).await?))
    };
    let seen = fields.seen();
    let list = store.insurers(&who.organisation.id).await?;
    let kept = match fields.get("doe") {
        "verzekeraars" => {
            let all = match insurers(fields.get("verzekeraars")) {
                Ok(all) => all,
                Err(wrong) => {
                    let told: Vec<String> = wrong.iter().map(|(line, why)| format!("Regel {line}: {why}")).collect();
                    return refuse(vec![Problem::at("verzekeraars", told.join(" "))]).await;
                }
            };
            store.write_insurers(&who.actor, &Insurers { revision: seen, all }, now).await?
        }
        "intrekken" => {
            let known = store.contracts(&who.organisation.id).await?.into_iter().find(|a| a.id.as_str() == id);
            let Some(known) = known else { return Err(PageError::NotFound) };
            // What was never kept has revision 0: nobody saw that.
            let seen = if seen == 0 { u32::MAX } else { seen };
            let withdrawn = Contract { withdrawn: true, ..known.contract };
            store.write_contract(&who.actor, &known.id, &withdrawn, seen, now).await?
        }
        _ => {
            let made = match contract(&given(&fields), &list.all) {
                Ok(made) => made,
                Err(flaws) => return refuse(flaws.into_iter().map(problem).collect()).await,
            };
            let id = match ContractId::parse(&id) {
                Ok(id) if seen > 0 => id,
                _ => ContractId::from_bits(store::random::bits()),
            };
            store.write_contract(&who.actor, &id, &made, seen, now).await?
        }
    };
    if kept {
        return Ok(done("/declaraties/contracten", Notice::ContractKept));
    }
    let errors = vec![Problem::whole("Iemand anders veranderde dit intussen. Lees wat er nu staat.")];
    Ok(show(StatusCode::CONFLICT, &filled(&app, &who, &id, Some(&fields), errors).await?))
}

fn problem(flaw: Flaw) -> Problem {
    Problem::at(name(flaw.part), flaw.sentence)
}

fn given(fields: &Fields) -> ContractGiven {
    let text = |name: &str| fields.get(name).to_owned();
    ContractGiven {
        kind: text("soort"),
        with: text("met"),
        from: fields.filled("vanaf").and_then(|typed| typed_day(typed).ok()),
        until: fields.filled("tot").map(typed_day),
        code: text("code"),
        amount: text("bedrag"),
        most_a_year: text("hoogstens"),
        least_minutes: text("minuten"),
        source: text("bron"),
    }
}
