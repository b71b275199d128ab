//! `/account/app`: codes by time from an app.

use super::codes::after_adding;
use super::enrol::frame;
use crate::app::App;
use crate::error::PageError;
use crate::forms::EnrolForm;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::Frame;
use crate::pages::render::{Answer, page, refused};
use crate::session::{Enrolling, SignedIn};
use crate::sign_in::step::{self, Kind, Token};
use crate::sign_in::{confirm, totp};
use askama::Template;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use store::factors::{Factor, FactorKind};
use zeroize::Zeroizing;

/// The page.
#[derive(Template)]
#[template(path = "account/app.html")]
pub struct AppPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Side of the QR code in modules.
    pub side: usize,
    /// Its dark modules.
    pub path: String,
    /// What it holds, for the phone itself.
    pub address: String,
    /// The secret, to type over.
    pub typed_over: String,
    /// The first code.
    pub code: Field,
    /// What to call it.
    pub label: Field,
    /// Password, where the session is not fresh.
    pub password: Option<Field>,
}

impl AppPage {
    /// The page for a secret.
    pub fn new(
        frame: Frame,
        username: &str,
        secret: &[u8],
        label: &str,
        password: Option<Field>,
        errors: Vec<Problem>,
    ) -> Self {
        let address = totp::address(secret, username);
        // Too long for a picture it never is: without one, the key is typed over.
        let (side, path) = crate::qr::draw(&address).map_or_else(Default::default, |d| (d.side, d.path));
        Self {
            frame: frame.failing(!errors.is_empty()),
            side,
            path,
            address,
            typed_over: totp::typed_over(secret),
            code: Field::short("code", "De code die de app nu toont", "")
                .digits()
                .completed_by("one-time-code")
                .hint("Zes cijfers.")
                .checked(&errors),
            label: Field::text("naam", "Hoe noemt u dit apparaat?", label)
                .hint("Bijvoorbeeld: mijn telefoon.")
                .checked(&errors),
            password,
            errors,
        }
    }
}

/// The secret that is being set up: the same until it is, so that a page may be loaded again.
async fn secret(app: &App, who: &SignedIn) -> Result<Zeroizing<Vec<u8>>, PageError> {
    let token = Token::session(&who.session);
    if let Some((_, secret)) = step::get::<Vec<u8>>(app, &token, Kind::NewTotp).await? {
        return Ok(Zeroizing::new(secret));
    }
    let secret = Zeroizing::new(store::random::bytes::<{ totp::SECRET }>().to_vec());
    step::put(app, &token, Kind::NewTotp, Some(&who.person), &*secret).await?;
    Ok(secret)
}

async fn view(app: &App, enrolling: &Enrolling, label: &str, errors: Vec<Problem>) -> Result<AppPage, PageError> {
    let who = &enrolling.who;
    let username = app.store().person(&who.person).await?.map(|p| p.username).unwrap_or_default();
    let secret = secret(app, who).await?;
    let password = confirm::field(app, who, &errors);
    let frame = frame(who, enrolling.must_enrol, "Codes van een app");
    Ok(AppPage::new(frame, &username, &secret, label, password, errors))
}

/// `GET /account/app`.
pub async fn get(State(app): State<App>, enrolling: Enrolling) -> Answer {
    Ok(page(&view(&app, &enrolling, "", Vec::new()).await?))
}

/// `POST /account/app`: the first code shows that the app has the secret.
pub async fn post(State(app): State<App>, jar: CookieJar, EnrolForm { who: enrolling, fields }: EnrolForm) -> Answer {
    let who = &enrolling.who;
    let now = app.clock().real();
    let label = fields.filled("naam").unwrap_or("App met codes").chars().take(60).collect::<String>();
    let mut errors: Vec<Problem> = confirm::problem(&app, who, fields.get(confirm::FIELD)).await?.into_iter().collect();
    let token = Token::session(&who.session);
    let found = step::get::<Vec<u8>>(&app, &token, Kind::NewTotp).await?;
    let step = found.as_ref().and_then(|(_, secret)| totp::step(secret, fields.get("code"), now.as_second()));
    if step.is_none() {
        let message =
            "Deze code klopt niet. Kijk of de klok van uw telefoon goed staat en vul de code in die de app nu toont.";
        errors.push(Problem::at("code", message));
    }
    let (Some((_, secret)), Some(step), true) = (found, step, errors.is_empty()) else {
        return Ok(refused(&view(&app, &enrolling, &label, errors).await?));
    };
    // Taken away only now; of two that come at once, one adds it.
    if step::take::<Vec<u8>>(&app, &token, Kind::NewTotp).await?.is_none() {
        return Err(PageError::Csrf);
    }
    let factor = Factor {
        id: super::super::second_step::factor_id(),
        kind: FactorKind::Totp,
        label,
        secret: Zeroizing::new(secret),
        credential: None,
        step,
        created_at: now,
        used_at: None,
    };
    app.store().add_factor(&who.person, &factor, now).await?;
    after_adding(&app, jar, who).await
}
