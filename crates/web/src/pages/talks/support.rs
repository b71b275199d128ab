//! Questions for support and their answers.

use super::fields::{of_read, of_reply};
use super::forms::replies;
use crate::forms::Fields;
use crate::pages::field::{Field, Problem};
use domain::path::{Step, What};
use domain::talk::{Request, given, request, requests};
use domain::words;

/// A question, as the page shows it.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// Its number.
    pub number: u32,
    /// Which support.
    pub title: String,
    /// Where it stands.
    pub state: &'static str,
    /// What is asked.
    pub question: String,
    /// Of whom, by whom, by when, on whose referral.
    pub fine: String,
    /// Answers, oldest first.
    pub answers: Vec<AnswerView>,
    /// To answer it: what, and in which words.
    pub reply: Option<[Field; 2]>,
    /// To say that one has read the answer.
    pub read: Option<Field>,
    /// What was tried with it failed, and is open.
    pub tried: bool,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerView {
    /// What, by whom, when.
    pub head: String,
    /// In words.
    pub words: String,
}

/// The questions, newest first.
pub fn views(steps: &[Step], may_converse: bool, fields: &Fields, errors: &[Problem]) -> Vec<RequestView> {
    requests(steps).iter().rev().map(|request| view(request, may_converse, fields, errors)).collect()
}

fn view(request: &Request<'_>, may_converse: bool, fields: &Fields, errors: &[Problem]) -> RequestView {
    let number = request.step.number;
    let tried = fields.get("nummer") == number.to_string() && !errors.is_empty();
    let name = |what: &str| format!("{what}-{number}");
    let get = |name: &str| fields.get(name).to_owned();
    let asked = request.asked;
    let referred = asked.referrer.map(|r| format!(" Verwezen door {}.", r.dutch())).unwrap_or_default();
    let answer = |(step, reply): &(&Step, &domain::talk::Reply)| AnswerView {
        head: format!("{}, {} door {}", words::capitalised(reply.kind.dutch()), words::day(step.day), step.by.name),
        words: reply.words.clone(),
    };
    let (kind, said, seen) = (name("antwoord"), name("antwoord-woorden"), name("gelezen"));
    RequestView {
        number,
        title: words::capitalised(asked.kind.dutch()),
        state: request.state(),
        question: asked.question.clone(),
        fine: format!(
            "Gevraagd aan {} op {} door {}; antwoord nodig uiterlijk {}.{referred}",
            asked.of.words(),
            words::day(request.step.day),
            request.step.by.name,
            words::day(asked.needed_by)
        ),
        answers: request.replies.iter().map(answer).collect(),
        reply: (may_converse && request.is_open()).then(|| {
            [
                Field::radios(&kind, "Wat is het antwoord?", &get(&kind), replies()).checked(errors),
                Field::area(&said, "Het antwoord, advies of verslag", &get(&said)).checked(errors),
            ]
        }),
        read: (may_converse && request.unread().is_some())
            .then(|| Field::text(&seen, "Wat doet u ermee? (mag leeg blijven)", &get(&seen)).checked(errors)),
        tried,
    }
}

/// An answer, or that one was read.
pub fn read(steps: &[Step], fields: &Fields) -> Result<What, Vec<Problem>> {
    let gone = || vec![Problem::whole("Deze vraag wacht niet meer: iemand heeft hem al beantwoord of gelezen.")];
    let number: u32 = fields.get("nummer").parse().unwrap_or(0);
    let request = request(steps, number).ok_or_else(gone)?;
    let get = |what: &str| fields.get(&format!("{what}-{number}"));
    if fields.get("doe") == "gelezen" {
        request.unread().ok_or_else(gone)?;
        return given::read(&request, get("gelezen")).map_err(of_read(number));
    }
    if !request.is_open() {
        return Err(gone());
    }
    given::reply(&request, get("antwoord"), get("antwoord-woorden")).map_err(of_reply(number))
}
