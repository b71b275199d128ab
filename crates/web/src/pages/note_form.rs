//! The one form of what an organisation keeps of its own work: fields in groups, the revision that was read, and, where somebody
//! else changed it meanwhile, what stands there now beside what was typed.

use super::field::{Field, Problem};
use super::frame::Frame;
use crate::forms::Fields;
use askama::Template;
use domain::practice::given::Flaw;

/// Fields that belong together.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// What they are about; empty where the page says so.
    pub legend: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// What can be ticked, under words of its own.
    pub ticks: Option<Ticks>,
}

/// A list to tick from.
#[derive(Debug, Clone)]
pub struct Ticks {
    /// Name sent; also its id.
    pub name: String,
    /// The question.
    pub label: String,
    /// Value, words, and whether it is ticked.
    pub all: Vec<(String, String, bool)>,
    /// What is wrong and how to mend it.
    pub error: Option<String>,
}

impl Ticks {
    /// Its id on the page.
    pub fn id(&self) -> String {
        super::field::id_of(&self.name)
    }
}

/// The form itself, to be put into a page.
#[derive(Debug, Clone, Template)]
#[template(path = "note_fields.html")]
pub struct NoteForm {
    /// Where it is sent.
    pub here: String,
    /// Token of the session.
    pub csrf: String,
    /// The revision that was read; 0 for something new.
    pub seen: u32,
    /// Name of the form, as its button's label tells it.
    pub label: String,
    /// The fields.
    pub groups: Vec<Group>,
    /// What the button does.
    pub button: &'static str,
    /// What stands there now, where somebody else changed it meanwhile: label and words.
    pub now: Vec<(String, String)>,
}

impl NoteForm {
    /// A form with these fields.
    pub fn new(here: &str, frame: &Frame, (label, button): (&str, &'static str), groups: Vec<Group>) -> Self {
        Self {
            here: here.to_owned(),
            csrf: frame.csrf.clone(),
            seen: 0,
            label: label.to_owned(),
            groups,
            button,
            now: Vec::new(),
        }
    }

    /// Of something that is there, as it was read.
    pub fn of(self, seen: u32) -> Self {
        Self { seen, ..self }
    }

    /// With what is wrong, each at its field.
    pub fn checked(mut self, errors: &[Problem]) -> Self {
        for group in &mut self.groups {
            group.fields = std::mem::take(&mut group.fields).into_iter().map(|f| f.checked(errors)).collect();
            if let Some(ticks) = &mut group.ticks {
                ticks.error = errors.iter().find(|e| e.field == ticks.name).map(|e| e.message.clone());
            }
        }
        self
    }

    /// With what stands there now.
    pub fn beside(self, now: Vec<(String, String)>) -> Self {
        Self { now: now.into_iter().filter(|(_, says)| !says.is_empty()).collect(), ..self }
    }
}

/// A page that is one such form.
#[derive(Template)]
#[template(path = "note_form.html")]
pub struct NotePage {
    /// Title, menu.
    pub frame: Frame,
    /// What it is for.
    pub lead: String,
    /// The form.
    pub form: NoteForm,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

impl NotePage {
    /// With the revision that whoever typed it had read: mending a mistake must not overwrite what somebody else wrote
    /// meanwhile.
    pub fn read_before(mut self, fields: &Fields) -> Self {
        self.form.seen = fields.seen();
        self
    }
}

/// A group of fields without a legend.
pub fn plain(fields: Vec<Field>) -> Vec<Group> {
    vec![Group { fields, ..Group::default() }]
}

/// What is wrong, as a page tells it.
pub fn problems(flaws: Vec<Flaw>) -> Vec<Problem> {
    flaws.into_iter().map(|f| Problem::at(&f.field, f.sentence)).collect()
}

/// What is told to who was second.
pub fn changed() -> Vec<Problem> {
    let sentence = "Iemand anders wijzigde dit intussen. Er is niets overschreven. Wat er nu staat, leest u bij het formulier; \
                    wat u typte, staat nog in de velden. Klopt het nog, leg het dan opnieuw vast.";
    vec![Problem::whole(sentence)]
}

/// Fields as they are typed, from names and texts.
pub fn typed<const N: usize>(all: [(&str, String); N]) -> Fields {
    Fields(all.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
}
