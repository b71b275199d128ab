//! Every page, from the sample.

use super::checks::whole_and_labelled;
use super::plan::{Sample, actor, gp, nurse, sample};
use super::record::{document, documents, handover, known, onward, row as paper};
use super::review::{confirming, course, offering};
use super::talks::{guide, report, talks};
use super::work::{agreed_task, signals, task, work};
use crate::error::PageError;
use crate::forms::Fields;
use crate::pages::caseload::Found;
use crate::pages::compare::{ComparePage, changes, small_title};
use crate::pages::edit::{EditPage, sample_page};
use crate::pages::errors;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Link, Me, Notice, Place, Subject, Tab};
use crate::pages::history::{left_out, marked, rows};
use crate::pages::identity::{IdentityPage, MergePage};
use crate::pages::patient::{GlancePage, Open, TeamRow, about, facts};
use crate::pages::patient_form::{self, PatientForm};
use crate::pages::patients::{Pages, PatientsPage};
use crate::pages::plan::PlanPage;
use crate::pages::plan_view::{PlanView, Source};
use crate::pages::register::{DoublePage, RegisterPage};
use crate::pages::rows::PatientRow;
use crate::pages::set_limits;
use crate::pages::sign_in::{RolePage, SignInPage};
use crate::pages::unread::{ReaderRow, Since};
use crate::pages::version::{Marking, VersionPage, kinds};
use crate::pages::versions::{VersionsPage, pickers};
use domain::form::LimitsAs;
use domain::plan::{Content, ReviewBy, diff, summary};
use domain::role::Role;
use store::tasks::Whose;

/// The frame of a page for somebody who signed in.
pub fn frame(title: &str, place: Place) -> Frame {
    Frame {
        title: title.to_owned(),
        me: Some(Me {
            name: "Saskia van Huissen".to_owned(),
            role: "huisarts",
            organisation: "Huisartsenpraktijk De Linde".to_owned(),
            sees_patients: true,
            sees_emergency: true,
            sees_practice: true,
            sees_region: true,
            administers: false,
            several_roles: true,
            own: false,
        }),
        csrf: "token".to_owned(),
        place,
        ..Frame::default()
    }
}

pub fn of(sample: &Sample, title: &str, tab: Tab) -> Frame {
    Frame {
        subject: Some(Subject::of(&sample.id, &sample.patient, sample.today, tab)),
        ..frame(title, Place::BelowPatients)
    }
}

fn by(sample: &Sample) -> ReviewBy {
    ReviewBy { today: sample.today, interval_months: 6 }
}

fn before(sample: &Sample) -> Vec<&Content> {
    let n = sample.versions.len();
    sample.versions[..n - 1].iter().rev().filter(|v| v.mark.is_none()).map(|v| &v.version.content).collect()
}

fn letter(sample: &Sample) -> PlanView {
    PlanView::with_history(&sample.current(), &before(sample), &left_out(&sample.versions), by(sample))
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
}

fn row(sample: &Sample) -> PatientRow {
    PatientRow::of(&sample.id, &sample.patient, sample.today)
}

fn patients(sample: &Sample, found: Option<Vec<PatientRow>>, caseload: Vec<PatientRow>) -> PatientsPage {
    let _ = sample;
    PatientsPage {
        frame: frame("Patiënten", Place::Patients),
        errors: Vec::new(),
        bsn: Field::short("bsn", "BSN", "").digits(),
        family: Field::text("achternaam", "Of achternaam", "Jansen").growing(),
        birth_date: Field::short("geboortedatum", "en geboortedatum", "12-03-1941"),
        found: found.map(Found::all),
        list_title: "Uw 27 patiënten".to_owned(),
        caseload,
        pages: Pages { before: None, after: Some("/patienten?pagina=2".to_owned()) },
        may_register: true,
    }
}

fn register(errors: Vec<Problem>, typed: &Fields, double: Option<Vec<PatientRow>>) -> RegisterPage {
    RegisterPage {
        frame: Frame {
            failed: !errors.is_empty(),
            ..frame("Registreer een patiënt", Place::BelowPatients).back_to("/patienten", "Patiënten")
        },
        form: PatientForm::new(|n| typed.get(n), &errors),
        errors,
        double,
    }
}

fn glance(sample: &Sample, plan: Option<PlanView>) -> GlancePage {
    GlancePage {
        frame: of(sample, "Overzicht van een patiënt", Tab::Overview),
        id: sample.id.to_string(),
        about: if plan.is_some() { about(&sample.current()) } else { String::new() },
        open: plan
            .iter()
            .map(|p| Open { sentence: p.waiting_sentence(), next: Some(Link::to("#", "Lees en stel vast")) })
            .collect(),
        plan,
        state: "Actueel; opnieuw te bespreken uiterlijk 20 mei 2027.".to_owned(),
        line: super::work::dots(),
        together: Some(super::meetings::said()),
        may_signal: true,
        readers: [
            (true, "las versie 2 op 3 november 2026; versie 4 nog niet"),
            (false, "las versie 4 op 20 november 2026"),
        ]
        .map(|(unread, says)| ReaderRow { name: "Saskia de Wit".to_owned(), says: says.to_owned(), unread })
        .to_vec(),
        elsewhere: true,
        near: vec![Link::to("#", "Eigen toegang"), Link::to("#", "Wie keek er in dit dossier?")],
        leads: "De regie heeft S. van Huissen, huisarts (Praktijk De Linde).".to_owned(),
        team: vec![
            TeamRow {
                name: "Huisartsenpraktijk De Linde".into(),
                part: "huisartsenpraktijk".into(),
                since: "sinds 3 januari 2020".into(),
            },
            TeamRow {
                name: "Thuiszorg Veluwezoom".into(),
                part: "thuiszorg".into(),
                since: "sinds 14 mei 2024".into(),
            },
        ],
        facts: facts(&sample.patient),
        may_record: true,
    }
}

fn identity(sample: &Sample) -> IdentityPage {
    let practice = |id: &str, name: &str| Choice::of(id, name);
    IdentityPage {
        frame: of(sample, "Gegevens van een patiënt", Tab::Identity),
        id: sample.id.to_string(),
        errors: Vec::new(),
        revision: 2,
        form: PatientForm::of(&sample.patient),
        reason: Field::area("reden", "Waarom verbetert u dit?", "")
            .hint("Bijvoorbeeld: naam gecontroleerd op paspoort."),
        practice_from: Field::select("praktijk-van", "Van praktijk", "a", vec![practice("a", "De Linde, Apeldoorn")]),
        practice_to: Field::select(
            "praktijk-naar",
            "Naar praktijk",
            "",
            vec![practice("", "Kies een praktijk"), practice("b", "Zuid, Zutphen")],
        ),
        move_reason: Field::text("verhuisreden", "Reden van de overgang", ""),
        other_bsn: Field::short("ander-bsn", "BSN van het dossier dat vervalt", "").digits(),
        merge_reason: Field::text("samenvoegreden", "Waarom is dit dezelfde persoon?", ""),
        earlier: vec!["Vanaf 3 januari 2020: Sofia Jansen, geboren 12 maart 1941".to_owned()],
        may_correct: true,
    }
}

fn version(sample: &Sample, i: usize) -> VersionPage {
    let stored = &sample.versions[i];
    let number = stored.version.number;
    VersionPage {
        frame: of(sample, "Een versie van het plan", Tab::Beneath),
        id: sample.id.to_string(),
        number,
        summary: summary(&diff(&Content::default(), &stored.version.content)),
        about: "Vastgelegd door Ayşe Yılmaz".to_owned(),
        wrong: stored.mark.as_ref().map(marked),
        newest: i + 1 == sample.versions.len(),
        kept: vec!["Een onbekende extensie in Consent is bewaard bij de bron.".to_owned()],
        before: None,
        after: Some("#".to_owned()),
        compare: Some("#".to_owned()),
        plan: PlanView::from_source(&Source {
            content: &stored.version.content,
            before: &[],
            left_out: &[],
            by: by(sample),
            ages: true,
        }),
        may_print: true,
        marking: Some(Marking {
            may_not: stored.mark.is_some().then(|| "Alleen een arts kan haar markeren.".to_owned()),
            kind: Field::radios("soort", "Wat is er aan de hand?", "", kinds()),
            reason: Field::area("reden", "Wat klopt er niet?", ""),
        }),
        errors: Vec::new(),
    }
}

fn compare(sample: &Sample) -> ComparePage {
    let (a, b) = (&sample.versions[1].version, &sample.versions[3].version);
    let (changed, wording) = changes(&a.content, &b.content);
    let (from, to) = pickers(&[1, 2, 3, 4], 2, 4);
    ComparePage {
        frame: of(sample, "Vergelijk versies", Tab::Beneath),
        id: sample.id.to_string(),
        summary: summary(&diff(&a.content, &b.content)),
        from,
        to,
        about: vec!["Versie 4: vastgelegd door Ayşe Yılmaz".to_owned()],
        from_label: "Versie 2, 16 mei 2024".to_owned(),
        to_label: "Versie 4, 20 november 2026".to_owned(),
        small_title: small_title(&diff(&a.content, &b.content)),
        changes: changed,
        wording,
    }
}

/// Every page under the name of its file.
fn all() -> Vec<(&'static str, String)> {
    let sample = sample();
    let plan = sample.current();
    let who = row(&sample);
    let wrong = patient_form::read(|_| "", None, sample.today).unwrap_err();
    let typed = fields(&[("bsn", "123"), ("voornamen", "Sophia \"<b>\""), ("geboortedatum", "gisteren")]);
    let html = |page: &dyn askama::DynTemplate| page.dyn_render().unwrap();
    let plan_page = |plan: Option<PlanView>| PlanPage {
        frame: Frame { notice: plan.is_some().then_some(Notice::Recorded), ..of(&sample, "Plan", Tab::Plan) },
        id: sample.id.to_string(),
        about: about(&sample.current()),
        compare: plan.is_some().then(|| "#".to_owned()),
        plan,
        may_record: true,
        may_confirm: true,
        may_set: true,
        on_paper: Some(format!("/patienten/{}/plan.pdf", sample.id)),
        draft: false,
        elsewhere: true,
        statements: Vec::new(),
        since: Some(Since {
            about: "U las versie 2 op 3 november 2026.".to_owned(),
            sentences: vec!["Reanimatie: van wel uitvoeren naar niet uitvoeren.".to_owned()],
            more: Some("En nog 2 onderwerpen.".to_owned()),
            compare: "#".to_owned(),
        }),
        papers: vec![paper(true, false)],
        known: Some(known(&sample)),
    };
    let set = |typed: &Fields, errors| {
        set_limits::view(
            of(&sample, "Behandelgrenzen vaststellen", Tab::Beneath),
            &sample.id,
            Some((&plan, &letter(&sample))),
            typed,
            errors,
        )
    };
    let edit = |plan, typed: &Fields, role, writer: &_, record: bool| -> EditPage {
        sample_page(of(&sample, "Plan bijwerken", Tab::Beneath), &sample, plan, typed, &actor(role), writer, record)
    };
    let none = Fields::default();
    let posted = fields(&[
        ("rev.head", "0"),
        ("963", "gisteren"),
        ("968", "Saskia"),
        ("970", "Huissen"),
        ("rev.4a", "1"),
        ("1386", "1"),
        ("1001", "Alleen als een van de kinderen erbij is"),
        ("1002", "Ik twijfel."),
        ("rev.4b", "0"),
        ("niet.4b", "ja"),
        ("rev.1", "0"),
        ("1651", "true"),
        ("973", "Mirjam"),
        ("976.0", "06-1"),
        ("982", "09"),
        ("411", "buurvrouw"),
        ("984", "false"),
        ("987", "Jansen"),
        ("rev.life", "0"),
        ("life-domain.0", "care"),
        ("life-action.0", "bellen"),
    ]);
    let role = Field::radios(
        "rol",
        "In welke rol werkt u nu?",
        "a",
        vec![Choice::of("a", "huisarts, De Linde"), Choice::of("b", "medisch specialist, Gelre")],
    );
    let mut pages = super::meetings::pages(&sample);
    pages.extend(super::region::pages());
    pages.extend(super::practice::pages());
    pages.extend(super::implementation::pages());
    pages.extend(super::inventory::pages());
    pages.extend(super::toolkit::pages(&sample));
    pages.extend(super::claims::pages());
    pages.extend(super::extracts::pages());
    pages.extend(vec![
        ("inloggen", html(&SignInPage::with(true, "", "/", Vec::new(), Some(Notice::SignedOut)))),
        (
            "inloggen-fout",
            html(&SignInPage::with(true, "gp", "/", vec![Problem::at("wachtwoord", "Vul uw wachtwoord in.")], None)),
        ),
        ("rol", html(&RolePage { frame: frame("Kies uw rol", Place::None), errors: Vec::new(), role, to: "/".into() })),
        ("werk", html(&work(true, Whose::Own))),
        ("werk-leeg", html(&work(false, Whose::Team))),
        ("signalen", html(&signals(&sample, &none, Vec::new()))),
        (
            "signalen-fout",
            html(&signals(
                &sample,
                &fields(&[("doe", "signaal"), ("reden", "frail"), ("schaal", "gfi"), ("score", "99<b>")]),
                vec![Problem::at("reden", "Kies minstens één reden."), Problem::at("schaal", "Vul een getal in.")],
            )),
        ),
        ("gesprekken", html(&talks(&sample, true, &none, Vec::new()))),
        ("gesprekken-leeg", html(&talks(&sample, false, &none, Vec::new()))),
        (
            "gesprekken-fout",
            html(&talks(
                &sample,
                true,
                &fields(&[("doe", "antwoord"), ("nummer", "3"), ("antwoord-woorden-3", "<b>")]),
                vec![Problem::at("antwoord-3", "Kies wat het antwoord is.")],
            )),
        ),
        ("verslag", html(&report(&sample, &none, Vec::new()))),
        (
            "verslag-fout",
            html(&report(
                &sample,
                &fields(&[("soep-s", "<b>"), ("onderwerp", "4a"), ("afspraak-dag", "morgen")]),
                vec![
                    Problem::at("wie-anders", "Kies of schrijf wie erbij waren."),
                    Problem::at("afspraak-dag", "Geen datum."),
                ],
            )),
        ),
        ("gesprekswijzer", html(&guide(&sample))),
        ("verloop", html(&course(&sample, false, &none, Vec::new()))),
        (
            "verloop-fout",
            html(&course(
                &sample,
                false,
                &fields(&[("doe", "course"), ("course-naam", "<b>"), ("course-tot", "morgen")]),
                vec![Problem::at("course-doel", "Schrijf met welk doel."), Problem::at("reden-1", "Schrijf waarom.")],
            )),
        ),
        ("verloop-overleden", html(&course(&sample, true, &none, Vec::new()))),
        ("instrumenten", html(&offering(None, Vec::new()))),
        (
            "instrumenten-fout",
            html(&offering(Some(&fields(&[("bron-gfi", "<b>")])), vec![Problem::at("grens-gfi", "Vul een getal in.")])),
        ),
        ("bevestigen", html(&confirming(&sample, true, &none, Vec::new()))),
        ("bevestigen-leeg", html(&confirming(&sample, false, &none, Vec::new()))),
        (
            "bevestigen-fout",
            html(&confirming(&sample, true, &fields(&[("dag", "<b>")]), vec![Problem::at("wie", "Kies met wie.")])),
        ),
        ("taak", html(&task(&sample))),
        ("taak-uit-overleg", html(&agreed_task(&sample))),
        ("patienten", html(&patients(&sample, Some(vec![who.clone()]), vec![who.clone(), who.clone()]))),
        ("patienten-leeg", html(&patients(&sample, Some(Vec::new()), Vec::new()))),
        ("nieuw", html(&register(Vec::new(), &none, None))),
        ("nieuw-fout", html(&register(wrong, &typed, None))),
        ("nieuw-dubbel", html(&register(Vec::new(), &typed, Some(vec![who.clone()])))),
        (
            "dubbel",
            html(&DoublePage { frame: frame("Al geregistreerd", Place::BelowPatients), known: Some(who.clone()) }),
        ),
        (
            "dubbel-onbekend",
            html(&DoublePage { frame: frame("Registreren lukt hier niet", Place::BelowPatients), known: None }),
        ),
        ("patient", html(&glance(&sample, Some(letter(&sample))))),
        ("patient-zonder-plan", html(&glance(&sample, None))),
        ("gegevens", html(&identity(&sample))),
        (
            "samenvoegen",
            html(&MergePage {
                frame: of(&sample, "Dossiers samenvoegen", Tab::Beneath),
                id: sample.id.to_string(),
                kept: who.clone(),
                dropped: who.clone(),
                bsn: "999911120".into(),
                reason: "zelfde adres en huisarts".into(),
            }),
        ),
        ("plan", html(&plan_page(Some(letter(&sample))))),
        ("plan-leeg", html(&plan_page(None))),
        ("vaststellen", html(&set(&none, Vec::new()))),
        (
            "vaststellen-fout",
            html(&set(
                &fields(&[("besluit.4d", "af")]),
                vec![Problem::at("reden.4d", "Ziekenhuisopname: schrijf waarom u dit voorstel niet vaststelt.")],
            )),
        ),
        ("bewerken", html(&edit(true, &none, Role::Gp, &gp(), false))),
        ("bewerken-nieuw", html(&edit(false, &none, Role::DistrictNurse, &nurse(), false))),
        ("bewerken-fout", html(&edit(true, &posted, Role::Gp, &gp(), true))),
        (
            "versies",
            html(&VersionsPage {
                frame: of(&sample, "Versies van het plan", Tab::Versions),
                id: sample.id.to_string(),
                versions: rows(&sample.versions),
                from: pickers(&[1, 2, 3, 4], 3, 4).0,
                to: pickers(&[1, 2, 3, 4], 3, 4).1,
            }),
        ),
        ("overdracht", html(&handover(&sample, &none, Vec::new()))),
        (
            "overdracht-fout",
            html(&handover(&sample, &none, vec![Problem::at("wie-3", "Schrijf wie de overdracht heeft ontvangen.")])),
        ),
        ("overnemen", html(&onward(&sample, &fields(&[("arts", "gp")]), Vec::new()))),
        (
            "overnemen-fout",
            html(&onward(&sample, &none, vec![Problem::at("reden-3", "Schrijf kort wat er niet klopt.")])),
        ),
        ("documenten", html(&documents(&sample, true, Vec::new()))),
        ("documenten-fout", html(&documents(&sample, false, vec![Problem::at("bestand", "Dit bestand is leeg.")]))),
        ("document", html(&document(&sample, false, vec![Problem::at("reden", "Schrijf wat de patiënt zei.")]))),
        ("document-vervallen", html(&document(&sample, true, Vec::new()))),
        ("versie", html(&version(&sample, 2))),
        ("versie-onjuist", html(&version(&sample, 0))),
        ("vergelijk", html(&compare(&sample))),
        ("fout-403", html(&errors::view(&PageError::Forbidden))),
        ("fout-404", html(&errors::view(&PageError::NotFound))),
        ("fout-409", html(&errors::view(&PageError::Broken(store::Error::Merged(sample.id.clone()))))),
        ("fout-413", html(&errors::view(&PageError::TooLarge))),
        ("fout-429", html(&errors::view(&PageError::TooMany(120)))),
        ("fout-500", html(&errors::view(&PageError::Broken(store::Error::Closed)))),
    ]);
    pages
}

#[test]
fn every_page_renders_and_can_be_found_one_s_way_in() {
    let folder = std::env::var_os("TIJDIG_SAMPLES").map(std::path::PathBuf::from);
    for (name, html) in all() {
        if let Some(folder) = &folder {
            std::fs::write(folder.join(format!("{name}.html")), &html).unwrap();
        }
        whole_and_labelled(name, &html);
    }
}

#[test]
fn what_was_typed_never_becomes_mark_up() {
    let pages = all();
    let html = &pages.iter().find(|(n, _)| *n == "nieuw-fout").unwrap().1;
    assert!(!html.contains("<b>") && html.contains("&#60;b&#62;"));
}

#[test]
fn a_proposal_never_stands_where_the_limit_in_force_does() {
    let sample = sample();
    let letter = letter(&sample);
    let limits = &letter.sections[3];
    let hospital = limits.topics.iter().find(|t| t.anchor == "onderwerp-4d").unwrap();
    assert_eq!(hospital.lines[0].text, "Ziekenhuis: ja");
    assert_eq!(hospital.proposals[0].text, "Niet naar het ziekenhuis");
    let blood = limits.topics.iter().find(|t| t.anchor == "onderwerp-4f").unwrap();
    assert_eq!((blood.lines[0].text.as_str(), blood.lines[0].quiet), ("Nog niets vastgesteld", true));
    assert_eq!(letter.waiting, ["ziekenhuisopname", "bloedproducten"]);
    assert!(letter.emergency[3].proposed.as_ref().unwrap().contains("niet naar het ziekenhuis"));
}

#[test]
fn a_nurse_is_told_that_limits_are_proposals() {
    let pages = all();
    let of = |name: &str| &pages.iter().find(|(n, _)| *n == name).unwrap().1;
    assert!(of("bewerken-nieuw").contains("Een arts stelt ze vast"));
    assert!(of("bewerken").contains("medisch vastgesteld"));
    let _ = LimitsAs::Proposed;
}
