//! `/praktijk/kandidaten/regels`: which sets of rules a practice uses, and its own.

use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::extract::sees_rows;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::render::{Answer, Told, done, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::candidates::{RuleSet, lines, rules};
use domain::ident::id_text;
use domain::words;
use serde::Deserialize;
use store::candidates::Chosen;

/// Most sets of one practice's own.
const MOST_SETS: usize = 12;

/// The page.
#[derive(Template)]
#[template(path = "practice/rules.html")]
pub struct RulesPage {
    /// Title, menu.
    pub frame: Frame,
    /// The sets.
    pub sets: Vec<SetRow>,
    /// Code of the own set that is changed; empty: a new one.
    pub code: String,
    /// Revision that was read.
    pub seen: u32,
    /// Name, source, rules.
    pub fields: [Field; 3],
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A set in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRow {
    /// Code.
    pub code: String,
    /// Revision that was read.
    pub seen: u32,
    /// Name.
    pub name: String,
    /// Source, and since when it holds.
    pub fine: String,
    /// Its rules, as they are written.
    pub rules: String,
    /// In use.
    pub used: bool,
    /// The practice's own.
    pub own: bool,
}

impl SetRow {
    /// The row of a set.
    pub fn of(chosen: &Chosen) -> Self {
        let set = &chosen.set;
        let until = set.until.map(|day| format!(" tot en met {}", words::day(day))).unwrap_or_default();
        Self {
            code: set.code.clone(),
            seen: chosen.revision,
            name: set.name.clone(),
            fine: format!("Bron: {}. Geldt vanaf {}{until}.", set.source.trim_end_matches('.'), words::day(set.from)),
            rules: lines(&set.rules),
            used: chosen.used,
            own: chosen.own,
        }
    }
}

/// Which own set is to be changed.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    wijzig: String,
}

/// The form, with what was typed.
pub fn form(typed: &Fields, errors: &[Problem]) -> [Field; 3] {
    [
        Field::text("naam", "Hoe heet de set?", typed.get("naam")).checked(errors),
        Field::text("bron", "Waar komt hij vandaan?", typed.get("bron"))
            .hint("Bijvoorbeeld: afspraak in onze praktijk, 3 maart 2026.")
            .checked(errors),
        Field::area("regels", "Regels", typed.get("regels")).hint("Op elke regel één.").checked(errors),
    ]
}

async fn filled(
    app: &App,
    who: &SignedIn,
    code: &str,
    typed: Option<&Fields>,
    errors: Vec<Problem>,
) -> Result<RulesPage, store::Error> {
    let sets = app.store().rule_sets(&who.organisation.id).await?;
    let changed = sets.iter().find(|c| c.own && c.set.code == code);
    let kept = changed.map(|c| {
        let pairs = [("naam", c.set.name.clone()), ("bron", c.set.source.clone()), ("regels", lines(&c.set.rules))];
        Fields(pairs.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())
    });
    let none = Fields::default();
    let fields = form(typed.or(kept.as_ref()).unwrap_or(&none), &errors);
    let seen = match typed {
        Some(typed) => typed.seen(),
        None => changed.map_or(0, |c| c.revision),
    };
    Ok(RulesPage {
        frame: Frame::signed(who, "Regels voor kandidaten", Place::BelowPractice)
            .back_to("/praktijk/kandidaten", "Kandidaten")
            .failing(!errors.is_empty()),
        sets: sets.iter().map(SetRow::of).collect(),
        code: changed.map(|c| c.set.code.clone()).unwrap_or_default(),
        seen,
        fields,
        errors,
    })
}

/// `GET /praktijk/kandidaten/regels`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Query(which): Query<Which>,
    Query(told): Query<Told>,
) -> Answer {
    if !sees_rows(&who) {
        return Err(PageError::Forbidden);
    }
    let mut view = filled(&app, &who, &which.wijzig, None, Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(show(StatusCode::OK, &view))
}

/// `POST /praktijk/kandidaten/regels`: a set comes into use or goes out of it, or an own one is kept.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !sees_rows(&who) {
        return Err(PageError::Forbidden);
    }
    let sets = app.store().rule_sets(&who.organisation.id).await?;
    let code = fields.get("set");
    let known = sets.iter().find(|c| c.set.code == code);
    let seen = fields.seen();
    let chosen = match (fields.get("doe"), known) {
        (way @ ("aan" | "uit"), Some(known)) => Chosen { used: way == "aan", revision: seen, ..known.clone() },
        ("bewaar", known) => match own(&app, &fields, known, sets.iter().filter(|c| c.own).count()) {
            Ok(chosen) => Chosen { revision: seen, ..chosen },
            Err(errors) => {
                let view = filled(&app, &who, code, Some(&fields), errors).await?;
                return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view));
            }
        },
        _ => {
            let errors = vec![Problem::whole("Kies een set.")];
            let view = filled(&app, &who, "", None, errors).await?;
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    let now = app.clock().now();
    if app.store().write_rule_set(&who.actor, &chosen, now).await? {
        app.store().work_out_practice(&who.organisation.id, now).await?;
        return Ok(done("/praktijk/kandidaten/regels", Notice::RulesKept));
    }
    let errors = vec![Problem::whole("Iemand anders veranderde dit intussen. Lees wat er nu staat.")];
    let typed = (fields.get("doe") == "bewaar").then_some(&fields);
    Ok(show(StatusCode::CONFLICT, &filled(&app, &who, code, typed, errors).await?))
}

/// An own set from what was typed.
fn own(app: &App, fields: &Fields, known: Option<&Chosen>, own: usize) -> Result<Chosen, Vec<Problem>> {
    let mut errors = Vec::new();
    for (name, sentence) in [("naam", "Schrijf hoe de set heet."), ("bron", "Schrijf waar de set vandaan komt.")] {
        match fields.filled(name) {
            None => errors.push(Problem::at(name, sentence)),
            Some(text) if text.chars().count() > 200 => {
                errors.push(Problem::at(name, "Schrijf het korter: in hoogstens 200 tekens."));
            }
            Some(_) => {}
        }
    }
    if known.is_none() && own >= MOST_SETS {
        errors.push(Problem::whole("U hebt al twaalf eigen sets; meer kan niet. Wijzig er een."));
    }
    let rules = rules(fields.get("regels")).unwrap_or_else(|wrong| {
        let line = |a: &domain::candidates::Amiss| match a.line {
            0 => a.sentence.to_owned(),
            n => format!("Regel {n}: {}", a.sentence),
        };
        errors.push(Problem::at("regels", wrong.iter().map(line).collect::<Vec<_>>().join(" ")));
        Vec::new()
    });
    if !errors.is_empty() {
        return Err(errors);
    }
    let before = known.filter(|c| c.own);
    let set = RuleSet {
        code: before.map_or_else(|| id_text(store::random::bits()), |c| c.set.code.clone()),
        name: fields.get("naam").trim().to_owned(),
        source: fields.get("bron").trim().to_owned(),
        from: before.map_or_else(|| app.clock().today(), |c| c.set.from),
        until: None,
        rules,
    };
    Ok(Chosen { set, used: before.is_none_or(|c| c.used), own: true, revision: 0 })
}
