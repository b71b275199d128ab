//! What every page has around its content: title, menu, who is signed in, the patient it is about, the way back.

mod notice;

pub use notice::Notice;

use super::dutch;
use domain::ident::PatientId;
use domain::patient::Patient;
use jiff::civil::Date;

/// Everything outside a page's own content.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Title of the page; never a patient's name, for titles stay in the browser's history.
    pub title: String,
    /// Who is signed in.
    pub me: Option<Me>,
    /// Token that every form carries.
    pub csrf: String,
    /// Where in the main menu this page belongs.
    pub place: Place,
    /// The way back.
    pub back: Option<Link>,
    /// The patient it is about.
    pub subject: Option<Subject>,
    /// What was just done.
    pub notice: Option<Notice>,
    /// The page comes back with errors; the title says so.
    pub failed: bool,
}

/// Who is signed in, for the header.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one entry of the menu, there or not")]
pub struct Me {
    /// Name.
    pub name: String,
    /// Role, in the field's words.
    pub role: &'static str,
    /// Organisation.
    pub organisation: String,
    /// Sees patients at all.
    pub sees_patients: bool,
    /// May come to the emergency page.
    pub sees_emergency: bool,
    /// Steers by the figures of a practice.
    pub sees_practice: bool,
    /// Sees the figures of a region.
    pub sees_region: bool,
    /// Finds something under 'Beheer'.
    pub administers: bool,
    /// Holds other roles too, and may switch.
    pub several_roles: bool,
    /// The patient, a representative or a relative: has a page of their own, and no other.
    pub own: bool,
}

/// Where in the main menu a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// Nowhere.
    #[default]
    None,
    /// My work.
    Work,
    /// The page of patients itself.
    Patients,
    /// A page below patients.
    BelowPatients,
    /// The page of meetings itself.
    Meetings,
    /// A page below it.
    BelowMeetings,
    /// The toolkit itself.
    Toolkit,
    /// A page below it.
    BelowToolkit,
    /// The practice itself.
    Practice,
    /// A page below it.
    BelowPractice,
    /// The figures of a region.
    Region,
    /// A page below them.
    BelowRegion,
    /// The emergency page itself.
    Emergency,
    /// A page below it.
    BelowEmergency,
    /// The page of administration itself.
    Admin,
    /// A page below administration.
    BelowAdmin,
    /// The own account.
    Account,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where to.
    pub href: String,
    /// Words.
    pub label: String,
}

impl Link {
    /// A link.
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// Which page of a patient is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// At a glance.
    Overview,
    /// The plan.
    Plan,
    /// Signals, and what followed.
    Signals,
    /// What happened.
    Course,
    /// Conversations.
    Talks,
    /// Its versions.
    Versions,
    /// Documents.
    Documents,
    /// Care team.
    Team,
    /// Consent to share.
    Consent,
    /// Identity.
    Identity,
    /// None of these: a page beneath one of them.
    Beneath,
}

/// The patient a page is about.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Id in paths.
    pub id: String,
    /// Name as one says it.
    pub name: String,
    /// Birth date and age.
    pub born: String,
    /// The page shown.
    pub tab: Tab,
}

/// One page of a patient in the menu.
#[derive(Debug, Clone)]
pub struct TabLink {
    /// Where to.
    pub href: String,
    /// Words.
    pub label: &'static str,
    /// This page.
    pub here: bool,
}

impl Subject {
    /// The line on top of each page of a patient.
    pub fn of(id: &PatientId, patient: &Patient, today: Date, tab: Tab) -> Self {
        Self { id: id.to_string(), name: dutch::addressed(patient), born: dutch::born(patient, today), tab }
    }

    /// The pages of a patient.
    pub fn tabs(&self) -> [TabLink; 10] {
        let at = |path: &str, label, tab| TabLink {
            href: format!("/patienten/{}{path}", self.id),
            label,
            here: self.tab == tab,
        };
        [
            at("", "Overzicht", Tab::Overview),
            at("/plan", "Plan", Tab::Plan),
            at("/plan/versies", "Versies", Tab::Versions),
            at("/documenten", "Documenten", Tab::Documents),
            at("/signalen", "Signalen", Tab::Signals),
            at("/gesprekken", "Gesprekken", Tab::Talks),
            at("/verloop", "Verloop", Tab::Course),
            at("/zorgteam", "Zorgteam", Tab::Team),
            at("/toestemming", "Toestemming", Tab::Consent),
            at("/gegevens", "Gegevens", Tab::Identity),
        ]
    }
}

impl Frame {
    /// Is this page at that place of the main menu?
    pub fn is_at(&self, place: &str) -> bool {
        match self.place {
            Place::None => false,
            Place::Work => place == "work",
            Place::Account => place == "account",
            Place::Patients | Place::BelowPatients => place == "patients",
            Place::Meetings | Place::BelowMeetings => place == "meetings",
            Place::Toolkit | Place::BelowToolkit => place == "toolkit",
            Place::Practice | Place::BelowPractice => place == "practice",
            Place::Region | Place::BelowRegion => place == "region",
            Place::Emergency | Place::BelowEmergency => place == "emergency",
            Place::Admin | Place::BelowAdmin => place == "admin",
        }
    }

    /// Does whoever is signed in see patients at all?
    pub fn sees_patients(&self) -> bool {
        self.me.as_ref().is_some_and(|me| me.sees_patients)
    }

    /// Is it a page beneath that place, rather than the place itself?
    pub fn is_part(&self) -> bool {
        matches!(
            self.place,
            Place::BelowPatients
                | Place::BelowMeetings
                | Place::BelowToolkit
                | Place::BelowPractice
                | Place::BelowRegion
                | Place::BelowEmergency
                | Place::BelowAdmin
        )
    }
}
