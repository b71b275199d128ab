//! The pages about mail, from the sample.

use super::checks::whole_and_labelled;
use super::pages::frame;
use crate::pages::account::mail::MailPage;
use crate::pages::admin::outgoing::{OutgoingPage, sample};
use crate::pages::field::Problem;
use crate::pages::frame::Place;
use askama::Template;
use domain::outbox::Failure;
use jiff::Timestamp;
use store::mail_address::MailAddress;

fn own(confirmed: bool, errors: Vec<Problem>) -> String {
    let kept = MailAddress {
        address: "saskia@thuiszorg.test".to_owned(),
        confirmed_at: confirmed.then_some(Timestamp::UNIX_EPOCH),
    };
    MailPage::new(frame("Bericht per e-mail", Place::Account), Some(&kept), "saskia@", errors).render().unwrap()
}

fn outbox(some: bool, errors: Vec<Problem>) -> String {
    let row = |id: &str| sample(id, Some(Failure::Refused), &errors);
    let page = OutgoingPage {
        frame: frame("Uitgaande berichten", Place::BelowAdmin),
        mails: some,
        dead: if some { vec![row("a")] } else { Vec::new() },
        waiting: if some { vec![row("b")] } else { Vec::new() },
        sent: 14,
        errors,
    };
    page.render().unwrap()
}

#[test]
fn the_pages_about_mail_are_whole() {
    for (name, html) in [
        ("mail", own(false, Vec::new())),
        (
            "mail-fout",
            own(false, vec![Problem::at("code", "Deze code klopt niet."), Problem::at("adres", "Geen adres.")]),
        ),
        ("mail-aan", own(true, Vec::new())),
        ("uitgaand", outbox(true, Vec::new())),
        ("uitgaand-fout", outbox(true, vec![Problem::at("reden-a", "Schrijf waarom.")])),
        ("uitgaand-leeg", outbox(false, Vec::new())),
    ] {
        whole_and_labelled(name, &html);
    }
    assert!(outbox(false, Vec::new()).contains("Mail staat uit"));
    assert!(own(true, Vec::new()).contains("Zet mail uit") && !own(false, Vec::new()).contains("Zet mail uit"));
}
