//! One synthetic patient: identity, people around them, and the versions of their plan.

use super::meneer_van_dam;
use super::mevrouw_x;
use super::names::{FAMILIES, MEN, STREETS, TOWNS, WOMEN};
use super::region::{Region, Worker, place};
use super::scenario::{SCENARIOS, Scenario, Stage};
use super::wide;
use domain::access::{Action, Sharing};
use domain::code::{
    AdvanceDirectiveType, ContactRole, ContactUse, EuthanasiaPosition, Gender, IcdType, RelationKind, SharingAnswer,
    TelecomType, YesNoUnknown,
};
use domain::date::{FhirDateTime, TIME_ZONE};
use domain::ident::{Bsn, PatientId, Postcode, Uzovi};
use domain::path::What;
use domain::patient::{Living, Patient};
use domain::people::{Address, ContactPerson, Email, Name, PersonKey, RelationOf, RoleOf, Telephone};
use domain::plan::{
    AdvanceDirective, Agreement, AgreementKey, AgreementState, Attendance, Content, Conversation, ConversationKey,
    CurrentPlan, Decision, Directive, DocumentKey, EarlierRecorded, EncounterFacts, HeldBy, Icd, InformRelatives,
    LegalCapacity, LifeWish, MedicalPolicyGoal, NextVersion, OrganDonationChoice, Origin, OtherLimit, OtherLimits,
    Party, PlanInput, PlanVersion, PositionRegardingEuthanasia, PreferredPlaceOfDeath, ProcedureFacts, SenseOfPurpose,
    SetBy, SharingConsent, SourceFacts, SpecificCareWishes, Statement, Topic, Treatment, VersionKind, WishKey,
};
use domain::rights::KEEP_YEARS;
use domain::role::Role;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// A synthetic patient, ready to be written.
pub struct Life {
    /// Id.
    pub id: PatientId,
    /// Identity.
    pub patient: Patient,
    /// Organisations of the care team, places in the region.
    pub team: Vec<usize>,
    /// Consent to share.
    pub sharing: Sharing,
    /// Who leads: a role, at a place in the region.
    pub lead: Option<(Role, usize)>,
    /// When they were registered: before the first conversation, and before the day of care.
    pub known_since: Timestamp,
    /// Versions, oldest first.
    pub versions: Vec<PlanVersion>,
    /// What happened beside them and is written with them, oldest first.
    pub happened: Vec<Noted>,
}

/// What somebody noted down at one time.
pub struct Noted {
    /// Place of who did so in the region's people.
    pub by: usize,
    /// Leave for what.
    pub action: Action,
    /// When.
    pub at: Timestamp,
    /// What, with the day it is about.
    pub what: [(Date, What); 1],
}

/// The n-th synthetic BSN, in a range that is not given out; no two are the same.
pub fn bsn(n: u32) -> Bsn {
    // Of the ten numbers that share their first eight digits at most one meets the 11-test, and where none does, one of
    // the next ten has it: steps of three keep them apart.
    let first = 900_000_000 + n * 30;
    (first..first + 20)
        .find_map(|v| Bsn::parse(&v.to_string()).ok())
        .unwrap_or_else(|| unreachable!("one in twenty meets the test"))
}

/// Insurers by their UZOVI code.
const INSURERS: &[&str] = &["7095", "9664", "3311", "3332"];

/// Whose record need be kept no longer: registered long ago, and no plan was ever made.
const FORGOTTEN: u32 = 9;

/// A day from which the term of a record is over by now.
fn long_ago(today: Date) -> Date {
    today.checked_sub(Span::new().years(KEEP_YEARS).days(40)).unwrap_or(today)
}

/// Tells one life.
pub(super) struct Teller<'a> {
    pub region: &'a Region,
    pub dice: fastrand::Rng,
    pub today: Date,
    /// Days of the conversations, where they are set beforehand.
    pub held: Vec<Date>,
    /// Is a reason written down with each limit?
    pub gives_reasons: bool,
    /// So many of the limits, counted from the last, are never discussed.
    pub open: usize,
}

/// Where somebody is cared for: places in the region.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub practice: usize,
    pub home_care: usize,
    /// Where they live, if it is there.
    pub nursing_home: Option<usize>,
}

/// Tells the n-th life; the same seed and day tell the same life.
pub fn tell(region: &Region, seed: u64, n: u32, today: Date) -> Life {
    let dice = fastrand::Rng::with_seed(seed ^ (u64::from(n) << 20));
    let mut teller = Teller { region, dice, today, held: Vec::new(), gives_reasons: true, open: 0 };
    if region.is_wide && n >= wide::FROM {
        return wide::life(teller, seed, n);
    }
    if n == mevrouw_x::N && mevrouw_x::is_told(today) {
        return mevrouw_x::life(region, PatientId::from_bits(teller.dice.u128(..)));
    }
    if n == meneer_van_dam::N && meneer_van_dam::is_told(today) {
        return meneer_van_dam::life(region, PatientId::from_bits(teller.dice.u128(..)));
    }
    teller.life(n)
}

impl Teller<'_> {
    pub fn pick<'b, T>(&mut self, list: &'b [T]) -> &'b T {
        &list[self.dice.usize(..list.len())]
    }

    fn life(&mut self, n: u32) -> Life {
        let scenario = *self.pick(SCENARIOS);
        let id = PatientId::from_bits(self.dice.u128(..));
        let practice = place::PRACTICES[n as usize % 3];
        let home_care = place::HOME_CARE[n as usize % 2];
        // Nine in ten have a plan; with each stage of their life it has one version more.
        let stages = if n % 10 == 9 { 0 } else { self.dice.usize(1..=scenario.stages.len()) };
        let in_nursing_home = !scenario.capable.0 && stages == scenario.stages.len();
        let living = if in_nursing_home { Living::NursingHome } else { Living::Home };
        let around = Around { practice, home_care, nursing_home: in_nursing_home.then_some(place::NURSING_HOME) };
        let patient = self.patient(n, scenario, living, practice);
        let mut team = vec![practice, home_care, place::PROVIDER];
        if in_nursing_home {
            team.push(place::NURSING_HOME);
        }
        if n.is_multiple_of(4) {
            team.push(place::HOSPITAL);
        }
        let sharing = match n % 5 {
            0..=2 => Sharing::Agreed,
            3 => Sharing::Unknown,
            _ => Sharing::Refused,
        };
        let versions = self.versions(n, scenario, stages, &patient, sharing, around);
        let last_month = afternoon(self.today.checked_sub(1.month()).unwrap_or(self.today));
        let known_since = versions.first().map_or(last_month, |v| v.recorded_at.min(last_month));
        let known_since = if n == FORGOTTEN { afternoon(long_ago(self.today)) } else { known_since };
        // One in seven has nobody who leads.
        let lead =
            if in_nursing_home { (Role::ElderlyCarePhysician, place::NURSING_HOME) } else { (Role::Gp, practice) };
        let lead = (n % 7 != 6).then_some(lead);
        Life { id, patient, team, sharing, lead, known_since, versions, happened: Vec::new() }
    }

    fn name(&mut self, gender: Gender) -> Name {
        let given = *self.pick(if gender == Gender::Female { WOMEN } else { MEN });
        let (prefix, family) = *self.pick(FAMILIES);
        Name::of(given, prefix, family)
    }

    pub fn patient(&mut self, n: u32, scenario: Scenario, living: Living, practice: usize) -> Patient {
        let gender = if self.dice.bool() { Gender::Female } else { Gender::Male };
        let mut name = self.name(gender);
        name.called.clone_from(&name.given);
        if gender == Gender::Female && self.dice.u8(..3) == 0 {
            let (prefix, family) = *self.pick(FAMILIES);
            name.partner_prefix = (!prefix.is_empty()).then(|| prefix.to_owned());
            name.partner_family = Some(family.to_owned());
            name.usage = Some(domain::people::NameUsage::PartnerOwn);
        }
        let age = self.dice.i16(scenario.ages.0..=scenario.ages.1);
        let born = self.today.checked_sub(Span::new().years(age).days(self.dice.i32(0..365))).unwrap_or(self.today);
        let (town, digits) = *self.pick(TOWNS);
        let insurer = *self.pick(INSURERS);
        let letters: String = (0..2).map(|_| char::from(self.dice.u8(b'A'..=b'Z'))).collect();
        Patient {
            bsn: bsn(n),
            name,
            birth_date: FhirDateTime::of_day(born),
            gender: Some(gender),
            address: Some(Address {
                street: Some((*self.pick(STREETS)).to_owned()),
                house_number: Some(self.dice.u16(1..180).to_string()),
                addition: (self.dice.u8(..6) == 0).then(|| "A".to_owned()),
                postcode: Postcode::parse(&format!("{digits}{letters}")).ok(),
                city: Some(town.to_owned()),
                ..Address::default()
            }),
            telephones: vec![self.telephone(TelecomType::LandLine)],
            emails: Vec::new(),
            living: Some(living),
            general_practitioner: Some(self.region.organisations[practice].name.clone()),
            insurer: Uzovi::parse(insurer).ok(),
            died_on: None,
        }
    }

    fn telephone(&mut self, kind: TelecomType) -> Telephone {
        let tail = self.dice.u32(10_000_000..99_999_999);
        let number =
            if kind == TelecomType::Mobile { format!("06-{tail}") } else { format!("055-{:07}", tail % 10_000_000) };
        let comment = (self.dice.u8(..5) == 0).then(|| "Liefst na vier uur 's middags".to_owned());
        Telephone { number: Some(number), kind: Some(kind), purpose: Some(ContactUse::Home), comment }
    }

    fn contact(&mut self, key: u32, relation: RelationKind, roles: &[ContactRole], family: &Name) -> ContactPerson {
        let woman = matches!(relation, RelationKind::Daughter | RelationKind::Sister | RelationKind::Wife);
        let given = *self.pick(if woman { WOMEN } else { MEN });
        let name =
            Name::of(given, family.prefix.as_deref().unwrap_or(""), family.family.as_deref().unwrap_or("Jansen"));
        let address = format!("{}@voorbeeld.test", domain::patient::normalise_family(given));
        ContactPerson {
            key: PersonKey(key),
            name,
            telephones: vec![self.telephone(TelecomType::Mobile)],
            emails: vec![Email { address: Some(address), purpose: Some(ContactUse::Home) }],
            address: None,
            roles: roles.iter().map(|r| RoleOf { role: *r, text: None }).collect(),
            relations: vec![RelationOf { relation, text: None }],
            identifiers: Vec::new(),
            changed_in: 0,
        }
    }

    pub fn versions(
        &mut self,
        n: u32,
        scenario: Scenario,
        stages: usize,
        patient: &Patient,
        sharing: Sharing,
        around: Around,
    ) -> Vec<PlanVersion> {
        let mut versions: Vec<PlanVersion> = Vec::new();
        let relation =
            *self.pick(&[RelationKind::Daughter, RelationKind::Son, RelationKind::Brother, RelationKind::Sister]);
        let mut people = vec![self.contact(100, relation, &[ContactRole::WrittenProxy], &patient.name)];
        if n.is_multiple_of(3) {
            people.push(self.contact(101, RelationKind::Son, &[], &patient.name));
        }
        let mut months_ago = 5 + self.dice.i32(0..30);
        for i in 0..stages {
            let stage = &scenario.stages[i.min(scenario.stages.len() - 1)];
            let thrown = self.today.checked_sub(months_ago.months().days(self.dice.i32(0..25))).unwrap_or(self.today);
            let held_on = self.held.get(i).copied().unwrap_or(thrown);
            months_ago = (months_ago - 9).max(1);
            let is_last = i + 1 >= scenario.stages.len();
            // In some lives a nurse records the last change, and the limits wait for a doctor.
            let by_nurse = i > 0 && n % 7 == 3;
            let author = match around.nursing_home.filter(|_| is_last) {
                _ if by_nurse => self.region.worker(Role::DistrictNurse, around.home_care),
                Some(home) => self.region.worker(Role::ElderlyCarePhysician, home),
                None => self.region.worker(Role::Gp, around.practice),
            };
            let scene = Scene { n, scenario, stage, first: i == 0, last: is_last, author, by_nurse, held_on, sharing };
            let input = self.input(&scene, &people);
            let next = NextVersion {
                kind: VersionKind::Recorded,
                recorder: self.region.recorder(author),
                reason: (i > 0).then(|| "Gezondheid is veranderd".to_owned()),
                input,
                kept_beside: Vec::new(),
            };
            let current = versions.last().map(CurrentPlan::from);
            versions.push(next.after(current.as_ref(), afternoon(held_on)).0);
        }
        versions
    }

    fn input(&mut self, scene: &Scene<'_>, people: &[ContactPerson]) -> PlanInput {
        let &Scene { n, scenario, stage, first, last, author, by_nurse, held_on, sharing } = scene;
        let professional = self.region.professional(author, 1);
        let key = professional.key;
        let date = FhirDateTime::of_day(held_on);
        let conversation = ConversationKey(1);
        let at = afternoon(held_on);
        let say = Say { date: &date, by: Party::Professional(key), conversation, at };
        let representative = PersonKey(100);
        let capable = !last || scenario.capable.0;
        let attended = if n.is_multiple_of(2) { vec![representative] } else { Vec::new() };
        let mut content = Content {
            professionals: vec![professional],
            people: people.to_vec(),
            conversations: vec![Conversation {
                key: conversation,
                held_on: Some(date.clone()),
                ended: None,
                written_on: date.clone(),
                held_by: vec![HeldBy { professional: key, part: None }],
                attendance: Some(Attendance { patient: true, people: attended }),
                encounter: EncounterFacts::default(),
                procedure: ProcedureFacts::default(),
                version: 0,
                recorded_at: at,
            }],
            capacity: say.topic(LegalCapacity {
                capable: Some(capable),
                comment: (!capable).then(|| scenario.capable.1.to_owned()),
                representative: Some(representative),
                first_contact: Some(if people.len() > 1 { PersonKey(101) } else { representative }),
                others: Vec::new(),
            }),
            goal: say.topic(MedicalPolicyGoal { goal: stage.goal, comment: None, start: None }),
            care_wishes: say.topic(SpecificCareWishes { text: Some(stage.wishes.to_owned()) }),
            place_of_death: say.topic(PreferredPlaceOfDeath { place: stage.place.0, comment: some(stage.place.1) }),
            euthanasia: say
                .topic(PositionRegardingEuthanasia { position: stage.euthanasia.0, comment: some(stage.euthanasia.1) }),
            sense_of_purpose: say.topic(SenseOfPurpose { text: Some(stage.purpose.to_owned()) }),
            inform_relatives: say.topic(InformRelatives {
                informed: n % 6 != 5,
                recipients: Vec::new(),
                told_by: Some(key),
            }),
            ..Content::default()
        };
        if sharing == Sharing::Agreed || n % 5 == 3 {
            let answer = if sharing == Sharing::Agreed { SharingAnswer::Agreed } else { SharingAnswer::Unknown };
            content.sharing = say.topic(SharingConsent { answer });
        }
        if n % 8 != 1 {
            let registered = *self.pick(&[YesNoUnknown::Yes, YesNoUnknown::No, YesNoUnknown::Unknown]);
            content.organ_donation = say.topic(OrganDonationChoice { registered });
        }
        self.limits(scene, &say, &mut content);
        Self::extras(scene, &say, &mut content, first);
        PlanInput { conversation, content, rejected: Vec::new(), skipped: Vec::new() }
            .proposing(by_nurse.then_some(key))
    }

    fn limits(&mut self, scene: &Scene<'_>, say: &Say<'_>, content: &mut Content) {
        let discussed = scene.stage.limits.len().saturating_sub(self.open);
        for (treatment, (limit, text)) in Treatment::ALL.into_iter().zip(scene.stage.limits).take(discussed) {
            let (decision, comment) = limit.split(if self.gives_reasons { text } else { "" });
            content.directives.insert(treatment, say.topic(say.directive(decision, comment)));
        }
        if scene.scenario.icd {
            let kind =
                *self.pick(&[None, Some(IcdType::Icd), Some(IcdType::DualChamber), Some(IcdType::Biventricular)]);
            let since = scene.held_on.checked_sub(6.years()).unwrap_or(scene.held_on);
            content.icd = say.topic(Icd {
                present: YesNoUnknown::Yes,
                kind,
                comment: Some(format!("Geplaatst in {}", since.year())),
                since: FhirDateTime::parse(&since.year().to_string()).ok(),
                until: None,
                product: None,
                product_identifiers: Vec::new(),
            });
            let (decision, comment) = if scene.last {
                (Decision::Perform, Some("Uitzetten zodra de laatste dagen zijn aangebroken.".to_owned()))
            } else if scene.n.is_multiple_of(2) {
                (Decision::NotDiscussed, None)
            } else {
                (Decision::Undecided, Some("Wil dit met de cardioloog bespreken.".to_owned()))
            };
            content.directives.insert(Treatment::IcdDeactivation, say.topic(say.directive(decision, comment)));
        } else if scene.n.is_multiple_of(2) {
            let present = if scene.n.is_multiple_of(12) { YesNoUnknown::Unknown } else { YesNoUnknown::No };
            let none = Icd {
                present,
                kind: None,
                comment: None,
                since: None,
                until: None,
                product: None,
                product_identifiers: Vec::new(),
            };
            content.icd = say.topic(none);
        }
        if scene.n % 5 == 2 {
            let text = "Geen sondevoeding".to_owned();
            let directive = say.directive(Decision::DoNot, Some(text.clone()));
            let limit = OtherLimit { text: Some(text), said_on: None, directive, source: SourceFacts::default() };
            content.other_limits = say.topic(OtherLimits(vec![limit]));
        }
    }

    fn extras(scene: &Scene<'_>, say: &Say<'_>, content: &mut Content, first: bool) {
        let recorded = match scene.n % 4 {
            0 => YesNoUnknown::Yes,
            1 => YesNoUnknown::Unknown,
            _ => YesNoUnknown::No,
        };
        content.earlier = say.topic(EarlierRecorded {
            recorded,
            comment: (recorded == YesNoUnknown::Yes)
                .then(|| "Wilsverklaring van een paar jaar terug, ligt in de map thuis.".to_owned()),
            differs: (recorded == YesNoUnknown::Yes).then_some(if scene.n.is_multiple_of(8) {
                YesNoUnknown::Yes
            } else {
                YesNoUnknown::No
            }),
        });
        if first && recorded == YesNoUnknown::Yes {
            let kind = if scene.stage.euthanasia.0 == EuthanasiaPosition::HasStatement {
                AdvanceDirectiveType::Euthanasia
            } else {
                AdvanceDirectiveType::DoNotResuscitate
            };
            let mut statement = say.statement(AdvanceDirective {
                kind,
                kind_text: None,
                comment: Some("Kopie ligt in de map thuis.".to_owned()),
                representative: Some(PersonKey(100)),
                file: None,
            });
            statement.said_on = scene.held_on.checked_sub(3.years()).ok().map(FhirDateTime::of_day);
            content.documents.insert(DocumentKey(1), Topic::said(statement));
        }
        // Keys of wishes are the plan's own, so that a later stage says the same wish again rather than a new one.
        for (i, (domain, wish, action)) in (900..).zip(scene.scenario.life) {
            let wish = LifeWish {
                domain: *domain,
                wish: (*wish).to_owned(),
                action: some(action),
                by_whom: None,
                until: None,
                withdrawn: false,
            };
            content.life_wishes.insert(WishKey(i), say.topic(wish));
        }
        if scene.last && !scene.scenario.agreement.is_empty() {
            let agreement = Agreement {
                text: scene.scenario.agreement.to_owned(),
                condition: some("Pas als andere middelen niet meer helpen"),
                state: AgreementState::NotYetCurrent,
            };
            content.agreements.insert(AgreementKey(950), say.topic(agreement));
        }
    }
}

#[derive(Clone, Copy)]
struct Scene<'a> {
    n: u32,
    scenario: Scenario,
    stage: &'a Stage,
    first: bool,
    last: bool,
    author: &'a Worker,
    by_nurse: bool,
    held_on: Date,
    sharing: Sharing,
}

/// Who says something, when, in which conversation.
pub(super) struct Say<'a> {
    pub date: &'a FhirDateTime,
    pub by: Party,
    pub conversation: ConversationKey,
    pub at: Timestamp,
}

impl Say<'_> {
    fn statement<T>(&self, value: T) -> Statement<T> {
        Statement {
            value,
            said_on: Some(self.date.clone()),
            by: vec![self.by],
            origin: Origin { conversation: self.conversation, version: 0, recorded_at: self.at },
            source: SourceFacts::default(),
        }
    }

    pub fn topic<T>(&self, value: T) -> Topic<T> {
        Topic::said(self.statement(value))
    }

    pub fn directive(&self, decision: Decision, comment: Option<String>) -> Directive {
        let Party::Professional(key) = self.by else { return Directive::of(decision) };
        Directive {
            comment,
            agreed_with: vec![Party::Patient, self.by],
            set_by: Some(SetBy::Here(key)),
            ..Directive::of(decision)
        }
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A quarter past two on a day: when people of the region write things down.
pub(super) fn afternoon(day: Date) -> Timestamp {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    day.at(14, 15, 0, 0).to_zoned_datetime(zone).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp())
}

#[cfg(test)]
mod tests;
