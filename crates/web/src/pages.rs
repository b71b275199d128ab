//! The pages: one file each with its view, form and handlers. Whole without JavaScript; no rule of care lives here,
//! the domain is asked.

mod account;
mod admin;
mod author;
mod candidates;
mod card;
mod care_team;
mod caseload;
mod claims;
mod compare;
mod confirm;
pub mod connect;
mod consent;
mod course;
pub mod days;
mod documents;
pub(crate) mod dutch;
mod edit;
mod elsewhere;
mod emergency;
pub mod errors;
mod extract;
pub(crate) mod field;
mod frame;
mod glass;
mod handover;
mod history;
mod identity;
mod implementation;
mod inventory;
mod log;
mod looking_back;
mod mark;
mod meetings;
mod note_form;
mod on_paper;
mod onward;
mod openid;
mod own;
mod own_access;
mod patient;
mod patient_form;
mod patients;
mod plan;
mod plan_view;
mod practice;
mod recover;
mod recoveries;
mod region;
mod register;
mod render;
mod requests;
mod retention;
mod rows;
#[cfg(test)]
mod samples;
mod second_factor_rules;
mod second_step;
mod set_limits;
mod sign_in;
mod signals;
mod table_file;
mod talks;
mod toolkit;
mod unread;
mod version;
mod versions;
mod welcome;
mod work;

pub(crate) use practice::examples;
pub(crate) use region::{Given, file as region_file, report as region_report};
pub(crate) use table_file::harmless;

use crate::routes::{Routes, get, post};

/// Every page.
pub fn routes() -> Routes {
    Routes::new()
        .route("/", get(work::get))
        .route("/inloggen", get(sign_in::get).post(sign_in::post))
        .route("/uitloggen", post(sign_in::sign_out))
        .route("/rol", get(sign_in::role_get).post(sign_in::role_post))
        .merge(account::routes())
        .merge(second_step::routes())
        .merge(openid::routes())
        .route("/herstel", get(recover::get).post(recover::post))
        .route("/beheer/herstel", get(recoveries::get).post(recoveries::post))
        .route("/beheer/herstel/{id}", post(recoveries::decide))
        .route("/beheer/inloggen", get(second_factor_rules::get).post(second_factor_rules::post))
        .route("/patienten", get(patients::get).post(patients::post))
        .route("/patienten/nieuw", get(register::get).post(register::post))
        .route("/patienten/{id}", get(patient::get))
        .route("/patienten/{id}/gegevens", get(identity::get).post(identity::post))
        .route("/patienten/{id}/verhuizen", get(identity::move_get).post(identity::move_post))
        .route("/patienten/{id}/samenvoegen", get(identity::merge_get).post(identity::merge_post))
        .route("/patienten/{id}/zorgteam", get(care_team::get).post(care_team::post))
        .route("/patienten/{id}/toestemming", get(consent::get).post(consent::post))
        .route("/patienten/{id}/signalen", get(signals::get).post(signals::post))
        .route("/patienten/{id}/verloop", get(course::get).post(course::post))
        .route("/patienten/{id}/bevestigen", get(confirm::get).post(confirm::post))
        .route("/patienten/{id}/gesprekken", get(talks::get).post(talks::post))
        .route("/patienten/{id}/gesprekken/gesprekswijzer", get(talks::guide::get))
        .route("/patienten/{id}/gesprekken/uitnodiging.pdf", get(talks::letter::get))
        .route("/patienten/{id}/gesprekken/verslag", get(talks::report::get).post(talks::report::post))
        .route("/patienten/{id}/documenten", get(documents::get).post(documents::post).at_most(documents::MOST_BYTES))
        .route(
            "/patienten/{id}/documenten/{naam}",
            get(documents::one::get).post(documents::one::post).at_most(documents::MOST_BYTES),
        )
        .route("/patienten/{id}/documenten/{naam}/bestand", get(documents::one::get_file))
        .route("/patienten/{id}/overnemen", get(onward::get).post(onward::post))
        .route("/patienten/{id}/overdracht", get(handover::get).post(handover::post))
        .route("/patienten/{id}/overdracht/{number}/blad.pdf", get(handover::sheet))
        .route("/patienten/{id}/overdracht/{number}/document.json", get(handover::document))
        .route("/patienten/{id}/elders", get(elsewhere::get).post(elsewhere::post))
        .route("/patienten/{id}/taken/{number}", get(work::task::get).post(work::task::post))
        .route("/patienten/{id}/plan", get(plan::get))
        .route("/patienten/{id}/plan.pdf", get(on_paper::get))
        .route("/patienten/{id}/plan/brief.pdf", get(on_paper::letter::get))
        .route("/patienten/{id}/kaart", get(card::get).post(card::post))
        .route("/patienten/{id}/kaart.pdf", get(card::pdf))
        .route("/kaart", get(card::check::get).post(card::check::post))
        .route("/kaart/{token}", get(card::check::get_token))
        .route("/patienten/{id}/plan/bewerken", get(edit::get).post(edit::post))
        .route("/patienten/{id}/plan/concept/{part}", post(edit::autosave))
        .route("/patienten/{id}/plan/vaststellen", get(set_limits::get).post(set_limits::post))
        .route("/patienten/{id}/plan/versies", get(versions::get))
        .route("/patienten/{id}/plan/versies/{n}", get(version::get).post(version::post))
        .route("/patienten/{id}/plan/vergelijk", get(compare::get))
        .route("/spoed", get(emergency::get).post(emergency::post))
        .route("/spoed/noodknop", post(emergency::glass::post))
        .route("/spoed/{id}", get(emergency::view::get))
        .route("/beheer/noodknop", get(glass::cases::get))
        .route("/beheer/noodknop/overzicht", get(glass::report::get))
        .route("/beheer/noodknop/{patient}/{number}", get(glass::judge::get).post(glass::judge::post))
        .merge(admin::routes())
        .merge(connect::routes())
        .merge(candidates::routes())
        .merge(claims::routes())
        .merge(extract::routes())
        .merge(implementation::routes())
        .merge(inventory::routes())
        .merge(log::routes())
        .merge(meetings::routes())
        .merge(practice::routes())
        .merge(region::routes())
        .merge(toolkit::routes())
        .route("/patienten/{id}/eigen-toegang", get(own_access::get).post(own_access::post))
        .route("/patienten/{id}/verzoeken", get(requests::get).post(requests::post))
        .route("/beheer/bewaartermijnen", get(retention::get))
        .route("/welkom", get(welcome::get).post(welcome::post))
        .merge(own::routes())
        .otherwise(errors::not_this_way)
}
