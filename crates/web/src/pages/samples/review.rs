//! The pages of what happened and of looking back.

use super::pages::{frame, of};
use super::plan::Sample;
use crate::forms::Fields;
use crate::pages::admin::instruments::{self, InstrumentsPage};
use crate::pages::confirm::{self, ConfirmPage};
use crate::pages::course::{CoursePage, aftercare_form, courses, happened, kind_forms};
use crate::pages::field::Problem;
use crate::pages::frame::{Place as At, Tab};
use crate::pages::looking_back::Back;
use domain::code::Place;
use domain::happening::{Change, Death, GoesOn, Happening, How, Kind, Move};
use domain::path::{Step, What};
use domain::patient::Living;
use domain::signal::Instruments;
use jiff::civil::Date;

fn steps(sample: &Sample) -> Vec<Step> {
    let plan = sample.current();
    let course = GoesOn {
        what: "Bloedtransfusie <b>".into(),
        goal: "minder moe".into(),
        until: Some(sample.today),
        instead_of: None,
    };
    let hospital = Move {
        how: How::Admitted,
        to: Living::Hospital,
        from: Some(Living::Home),
        name: Some("Streekziekenhuis".into()),
        words: Some("Gevallen <i>".into()),
    };
    let all = [
        Happening::Moved(hospital),
        Happening::GoesOn(course),
        Happening::Changed { what: vec![Change::Health, Change::Goals], words: Some("Eet minder.".into()) },
        Happening::Mistaken { step: 3, title: "Veranderd: gezondheid".into(), reason: "Andere patiënt".into() },
        Happening::Died(Death { place: Place::Home, wished: Some(Place::Hospice), admitted_on: None, words: None }),
    ];
    let day: Date = sample.today;
    (1..)
        .zip(all)
        .map(|(number, happened)| Step {
            number,
            at: "2026-11-22T10:00:00Z".parse().unwrap(),
            day,
            by: plan.recorder.clone(),
            what: What::Happened(Box::new(happened)),
        })
        .collect()
}

/// The page of what happened; `died`: nothing more may be told.
pub fn course(sample: &Sample, died: bool, typed: &Fields, errors: Vec<Problem>) -> CoursePage {
    let mut steps = steps(sample);
    if !died {
        steps.pop();
    }
    let kinds = if died { &[] } else { Kind::ALL };
    CoursePage {
        frame: of(sample, "Verloop", Tab::Course).failing(!errors.is_empty()),
        id: sample.id.to_string(),
        state: "Opnieuw te bespreken: sinds 22 november 2026 is er een reden om ernaar te kijken.".to_owned(),
        living: (!died).then_some("thuis"),
        seen: 5,
        forms: kind_forms(kinds, &steps, Some("20 november 2026"), typed, &errors),
        courses: courses(&steps, sample.today, !died, typed, &errors),
        aftercare: died.then(|| aftercare_form(typed, &errors)),
        happened: happened(&steps, true, typed, &errors),
        tried: typed.get("doe").to_owned(),
        errors,
    }
}

/// The page on which a plan is confirmed.
pub fn confirming(sample: &Sample, planned: bool, typed: &Fields, errors: Vec<Problem>) -> ConfirmPage {
    let plan = sample.current();
    let plan = planned.then_some(&plan);
    let mut steps = steps(sample);
    steps.pop();
    let back = Back::of(steps, 6, plan, sample.today);
    let frame = of(sample, "Bevestig ongewijzigd", Tab::Beneath);
    confirm::view(frame, sample.id.to_string(), plan, &back, typed, errors)
}

/// What an organisation offers to who signals.
pub fn offering(typed: Option<&Fields>, errors: Vec<Problem>) -> InstrumentsPage {
    let frame = frame("Instrumenten bij een signaal", At::BelowAdmin);
    instruments::view(frame, ("x", "Thuiszorg \"Nabij\""), &Instruments::default(), typed, errors)
}
