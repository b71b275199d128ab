//! `/beheer/organisaties/{organisation}/materiaal`: an organisation's own documents and links.

use super::{choices, fine};
use crate::access::{Denied, refuse};
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::pages::admin::{desk, frame_at};
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::render::{Answer, Told, done, show};
use crate::session::SignedIn;
use crate::upload::{Sent, SignedUpload};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::document::file::{Unfit, media};
use domain::ident::MaterialId;
use domain::toolkit::given::{Flaw, OwnGiven, Part, own};
use domain::toolkit::{Audience, Language, Material, Own, Topic};
use domain::words::capitalised;
use store::organisations::Organisation;
use store::toolkit::Kept;

/// Kinds of files that are taken.
const ACCEPT: &str = "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png";

/// The page.
#[derive(Template)]
#[template(path = "toolkit/manage.html")]
pub struct ManagePage {
    /// Title, menu.
    pub frame: Frame,
    /// Where it is sent.
    pub here: String,
    /// Whose material it is.
    pub organisation: String,
    /// What there is.
    pub rows: Vec<OwnRow>,
    /// To add something.
    pub form: ManageForm,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// Own material in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRow {
    /// Its id.
    pub id: String,
    /// Revision that was read.
    pub seen: u32,
    /// What it is called.
    pub title: String,
    /// Who made it, for whom, in which language.
    pub fine: String,
}

/// A box to tick: code, words, ticked or not.
pub type Tick = (&'static str, String, bool);

/// The form to add something.
#[derive(Debug, Clone)]
pub struct ManageForm {
    /// Title, who made it, address, file.
    pub what: [Field; 4],
    /// For whom.
    pub audience: Vec<Tick>,
    /// What is wrong with that.
    pub audience_error: Option<String>,
    /// About what.
    pub topic: Field,
    /// In which languages.
    pub languages: Vec<Tick>,
    /// What is wrong with that.
    pub languages_error: Option<String>,
    /// For which region.
    pub region: Field,
}

/// The form, with what was typed.
pub fn form(fields: &Fields, errors: &[Problem]) -> ManageForm {
    let get = |name: &str| fields.get(name);
    let text = |name: &str, label: &str| Field::text(name, label, get(name)).checked(errors);
    let has = |name: &str, value: &str| fields.0.iter().any(|(n, v)| n == name && v == value);
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.clone());
    // Most of it is Dutch.
    let fresh = !fields.has("titel");
    let dutch = |l: Language| fresh && l == Language::Dutch;
    ManageForm {
        what: [
            text("titel", "Hoe heet het?"),
            text("uitgever", "Wie maakte het? (leeg: uw eigen organisatie)"),
            text("adres", "Adres van de pagina")
                .hint("Bijvoorbeeld https://intranet.voorbeeld.nl/beleid. Of kies een bestand."),
            Field::file("bestand", "Of een bestand", ACCEPT)
                .hint("Een PDF, of een foto (JPEG of PNG), tot 20 MB. Zet er geen gegevens van patiënten in.")
                .checked(errors),
        ],
        audience: Audience::ALL.iter().map(|a| (a.code(), capitalised(a.dutch()), has("voor", a.code()))).collect(),
        audience_error: error("voor"),
        topic: Field::select(
            "over",
            "Waar gaat het over?",
            get("over"),
            choices(Topic::ALL, "Kies een onderwerp", |t| (t.code(), t.dutch())),
        )
        .checked(errors),
        languages: Language::ALL
            .iter()
            .map(|l| (l.code(), capitalised(l.dutch()), has("taal", l.code()) || dutch(*l)))
            .collect(),
        languages_error: error("taal"),
        region: text("regio", "Voor welke regio? (leeg: overal)"),
    }
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Publisher => "uitgever",
        Part::Address => "adres",
        Part::File => "bestand",
        Part::Audience => "voor",
        Part::Topic => "over",
        Part::Language => "taal",
        Part::Region => "regio",
        Part::Title | Part::To | Part::How | Part::Words => "titel",
    }
}

fn problems(flaws: Vec<Flaw>) -> Vec<Problem> {
    flaws.into_iter().map(|f| Problem::at(name(f.part), f.sentence)).collect()
}

async fn view(
    app: &App,
    who: &SignedIn,
    organisation: &Organisation,
    fields: &Fields,
    errors: Vec<Problem>,
) -> Result<ManagePage, store::Error> {
    let row = |k: &Kept| {
        let material = Material::own(&k.id, &k.own, &organisation.name);
        OwnRow { id: k.id.to_string(), seen: k.revision, title: material.title.clone(), fine: fine(&material) }
    };
    Ok(ManagePage {
        frame: frame_at(who, "Eigen materiaal", organisation, "", "Beheer").failing(!errors.is_empty()),
        here: format!("/beheer/organisaties/{}/materiaal", organisation.id),
        organisation: organisation.name.clone(),
        rows: app.store().materials_of(&organisation.id).await?.iter().map(row).collect(),
        form: form(fields, &errors),
        errors,
    })
}

/// `GET /beheer/organisaties/{organisation}/materiaal`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let organisation = desk(&app, &who, &id).await?;
    let mut page = view(&app, &who, &organisation, &Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// The file that was sent, with its media type; or what is wrong with it.
async fn file(app: &App, who: &SignedIn, sent: Sent) -> Result<Result<Option<(String, Vec<u8>)>, Problem>, PageError> {
    let unfit = |unfit: Unfit| Ok(Err(Problem::at("bestand", unfit.to_string())));
    let bytes = match sent {
        Sent::Nothing => return Ok(Ok(None)),
        Sent::Empty => return unfit(Unfit::Empty),
        Sent::TooLarge => return unfit(Unfit::TooLarge),
        Sent::File(bytes) => bytes,
    };
    match media(&bytes) {
        Ok(media) => Ok(Ok(Some((media.code().to_owned(), bytes)))),
        Err(other) => {
            if other == Unfit::Other
                && let Denied::Broken(error) = refuse(app, &who.actor, "material", None).await
            {
                return Err(error.into());
            }
            unfit(other)
        }
    }
}

/// `POST /beheer/organisaties/{organisation}/materiaal`: adds something, or takes it away.
pub async fn post(State(app): State<App>, Path(id): Path<String>, upload: SignedUpload) -> Answer {
    let SignedUpload { who, fields, file: sent } = upload;
    let organisation = desk(&app, &who, &id).await?;
    let here = format!("/beheer/organisaties/{}/materiaal", organisation.id);
    let now = app.clock().now();
    if fields.get("doe") == "einde" {
        return end(&app, &who, &organisation, &fields).await;
    }
    let was_sent = sent != Sent::Nothing;
    let file = file(&app, &who, sent).await?;
    let text = |name: &str| fields.get(name).to_owned();
    let all = |name: &str| fields.every(name);
    let given = OwnGiven {
        title: text("titel"),
        publisher: text("uitgever"),
        address: text("adres"),
        // A file that is not taken is told so at its own field.
        file: match &file {
            Ok(file) => file.as_ref().map(|(media, _)| media.clone()),
            Err(_) => Some(String::new()),
        },
        audience: all("voor"),
        topic: text("over"),
        languages: all("taal"),
        region: text("regio"),
    };
    let (own, file): (Own, _) = match (own(&given, &organisation.id), file) {
        (Ok(own), Ok(file)) => (own, file),
        (read, file) => {
            let mut errors = read.err().map(problems).unwrap_or_default();
            match file {
                Err(problem) => errors.push(problem),
                Ok(_) if was_sent => {
                    errors.push(Problem::at("bestand", "Kies het bestand opnieuw: uw browser bewaart die keuze niet."));
                }
                Ok(_) => {}
            }
            let page = view(&app, &who, &organisation, &fields, errors).await?;
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let key = MaterialId::from_bits(store::random::bits());
    let bytes = file.as_ref().map(|(_, bytes)| bytes.as_slice());
    app.store().write_material(&who.actor, &key, &own, bytes, 0, now).await?;
    Ok(done(&here, Notice::MaterialAdded))
}

/// Takes something away: it is offered no more; who was given it keeps it.
async fn end(app: &App, who: &SignedIn, organisation: &Organisation, fields: &Fields) -> Answer {
    let id = MaterialId::parse(fields.get("stuk")).map_err(|_| PageError::NotFound)?;
    let kept = app.store().material(&id).await?.filter(|k| k.own.organisation == organisation.id);
    let kept = kept.ok_or(PageError::NotFound)?;
    // What was never kept has revision 0: nobody saw that.
    let seen = fields.get("gezien").parse().ok().filter(|seen| *seen > 0).unwrap_or(u32::MAX);
    let ended = Own { ended_on: Some(app.clock().today()), ..kept.own };
    if app.store().write_material(&who.actor, &id, &ended, None, seen, app.clock().now()).await? {
        return Ok(done(&format!("/beheer/organisaties/{}/materiaal", organisation.id), Notice::MaterialEnded));
    }
    let wrong = vec![Problem::whole("Iemand anders veranderde dit intussen. Lees wat er nu staat.")];
    Ok(show(StatusCode::CONFLICT, &view(app, who, organisation, &Fields::default(), wrong).await?))
}
