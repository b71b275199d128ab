//! Documents of a few patients, and where their plans went on to.

use super::life::Life;
use super::path::morning;
use super::region::{Region, Worker};
use domain::access::{Action, Actor, Relation, Who, permit};
use domain::date::FhirDateTime;
use domain::document::{Agrees, Copy, Document, Event, Kind, Name, laid};
use domain::handover;
use domain::ident::AttachmentId;
use domain::onward::{self, Channel, Doctor, System, Told};
use domain::path::What;
use domain::plan::{CurrentPlan, FileRef, NextVersion, VersionKind};
use domain::role::Role;
use jiff::ToSpan;
use jiff::civil::Date;
use std::fmt::Write as _;
use store::plans::document::WriteDocument;
use store::plans::{File, WriteVersion};
use store::{Error, Store};

/// One patient in so many has documents, each of another kind.
const ONE_IN: u32 = 50;

/// Tells of the n-th patient.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, life: &Life, n: u32, today: Date) -> Result<(), Error> {
    if life.versions.is_empty() {
        return Ok(());
    }
    let doctor = region.worker(Role::Gp, life.team[0]);
    let teller = Teller { store, region, life, n, today, doctor };
    match n % ONE_IN {
        // A wish that says something else than the plan, and that no doctor knows yet.
        21 => {
            let document =
                Document { agrees: Agrees::No, copy: Copy::No, ..teller.document(Kind::DoNotResuscitate, 26) };
            teller.add(1, document, "Verklaring: niet reanimeren", 12).await
        }
        31 => {
            let known = Document {
                discussed_on: Some(teller.day(30)),
                copy: Copy::Yes,
                ..teller.document(Kind::LivingWill, 40)
            };
            let known =
                Document { agrees: Agrees::Yes, representative: Some("Notariskantoor Overveld".into()), ..known };
            teller.add(1, known, "Levenstestament", 14).await?;
            teller.add(2, teller.document(Kind::LifeStory, 3), "Mijn levensverhaal", 10).await?;
            teller.went_on().await
        }
        // Went into hospital with the plan in hand; the ward has not said yet that it came.
        41 => {
            teller.handed_over().await?;
            let passport =
                Document { discussed_on: Some(teller.day(9)), ..teller.document(Kind::TreatmentPassport, 1) };
            teller.add(1, passport, "Behandelpaspoort", 9).await
        }
        _ => Ok(()),
    }
}

struct Teller<'a> {
    store: &'a Store,
    region: &'a Region,
    life: &'a Life,
    n: u32,
    today: Date,
    doctor: &'a Worker,
}

impl Teller<'_> {
    fn day(&self, days_ago: i32) -> Date {
        self.today.checked_sub(days_ago.days()).unwrap_or(self.today)
    }

    fn id(&self, part: u128) -> AttachmentId {
        AttachmentId::from_bits(
            (u128::from(self.n) << 64 | part).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835),
        )
    }

    fn document(&self, kind: Kind, months_ago: i32) -> Document {
        let dated = self.today.checked_sub(months_ago.months()).unwrap_or(self.today);
        Document {
            kind,
            kind_text: None,
            dated_on: Some(FhirDateTime::of_day(dated)),
            person: None,
            representative: None,
            comment: Some("Het origineel ligt thuis, in de map naast de telefoon.".to_owned()),
            file: None,
            agrees: Agrees::NotCompared,
            compared_with: None,
            discussed_on: None,
            copy: Copy::Unknown,
        }
    }

    fn actor(&self) -> Actor {
        Actor {
            who: Who::Person(self.doctor.id.clone()),
            name: self.doctor.name.full(),
            role: Some(self.doctor.role),
            organisation: self.region.organisations[self.doctor.organisation].id.clone(),
            nurses_set_limits: false,
            breaks_glass: true,
        }
    }

    async fn add(&self, nth: u128, mut document: Document, words: &str, days_ago: i32) -> Result<(), Error> {
        let team = Relation { team: true, ..Relation::default() };
        let Ok(leave) = permit(&self.actor(), Action::RecordPlan, &self.life.id, team) else { return Ok(()) };
        let day = self.day(days_ago);
        let at = morning(day);
        let bytes = sheet(words);
        let file = File { id: self.id(10 + nth), media_type: "application/pdf".to_owned(), bytes };
        document.file = Some(FileRef {
            id: file.id.clone(),
            media_type: file.media_type.clone(),
            size: file.bytes.len() as u64,
            title: None,
        });
        let record = self.store.read(&leave, at, "documents").await?.ok_or(Error::NoPatient)?;
        let plan: Option<&CurrentPlan> = record.plan.as_ref();
        document.compared_with = plan.map(|p| p.number).filter(|_| document.agrees != Agrees::NotCompared);
        let (name, recorder) = (Name::Here(self.id(nth)), self.region.recorder(self.doctor));
        let author = self.region.professional(self.doctor, 1);
        let version = laid(&name, Some(&document), plan, &author, at).map(|input| {
            let (kind, recorder) = (VersionKind::Document, recorder.clone());
            NextVersion { kind, recorder, reason: None, input, kept_beside: Vec::new() }.after(plan, at).0
        });
        let write = WriteDocument {
            event: &Event::Added { name, document },
            seen: 0,
            by: &recorder,
            day,
            file: Some(file),
            version: version.as_ref().map(|v| WriteVersion::of(v.number - 1, v)),
        };
        self.store.write_document(&leave, write, at).await.map(|_| ())
    }

    async fn handed_over(&self) -> Result<(), Error> {
        let team = Relation { team: true, ..Relation::default() };
        let Ok(leave) = permit(&self.actor(), Action::FollowUp, &self.life.id, team) else { return Ok(()) };
        let day = self.day(4);
        let made = handover::Event::Made {
            reason: handover::Reason::Admission,
            to: handover::Receiver::Hospital,
            name: "Ziekenhuis Overveld, cardiologie".to_owned(),
            way: handover::Way::Paper,
            version: u32::try_from(self.life.versions.len()).unwrap_or(1),
            system: None,
        };
        let recorder = self.region.recorder(self.doctor);
        let step = (day, What::Handover(Box::new(made)));
        self.store.add_steps(&leave, &[step], None, &recorder, morning(day)).await.map(|_| ())
    }

    async fn went_on(&self) -> Result<(), Error> {
        let team = Relation { team: true, ..Relation::default() };
        let Ok(leave) = permit(&self.actor(), Action::FollowUp, &self.life.id, team) else { return Ok(()) };
        let version = u32::try_from(self.life.versions.len()).unwrap_or(1) + 1;
        let day = self.day(10);
        let steps: Vec<(Date, What)> = [
            onward::Event::Recorded { system: System::His, words: None, version },
            onward::Event::Shared { channel: Channel::Paper, with: Some("de patiënt en een dochter".into()), version },
            onward::Event::Told { what: Told::Whereabouts, version },
            onward::Event::Told { what: Told::Relatives, version },
            onward::Event::Informed { doctor: Doctor::Gp, version },
        ]
        .into_iter()
        .map(|event| (day, What::Onward(Box::new(event))))
        .collect();
        let recorder = self.region.recorder(self.doctor);
        self.store.add_steps(&leave, &steps, None, &recorder, morning(day)).await.map(|_| ())
    }
}

/// A sheet with a line of text, as a PDF.
pub fn sheet(words: &str) -> Vec<u8> {
    let text = format!("BT /F1 18 Tf 72 740 Td ({words}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
    ];
    let (mut out, mut table) = ("%PDF-1.4\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (i, object) in objects.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let start = out.len();
    let count = objects.len() + 1;
    let _ =
        write!(out, "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    out.into_bytes()
}
