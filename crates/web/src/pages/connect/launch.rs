//! `/smart/launch` and `/smart/terug`: a record system opens the patient at hand (SMART App Launch, EHR launch).

use super::open::{failed, log, wait};
use crate::app::App;
use crate::error::PageError;
use crate::pages::render::Answer;
use crate::refused::note;
use crate::sign_in::step::{self, Kind, Token};
use crate::smart::{Asked, Back, Failed};
use axum::Extension;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use std::net::SocketAddr;

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// What the record system says in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Launch {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    launch: String,
}

fn redirect(app: &App) -> String {
    format!("{}/smart/terug", app.config().base_url)
}

/// `GET /smart/launch`: to the authorization server of a system that is known here.
pub async fn go(State(app): State<App>, peer: Peer, jar: CookieJar, Query(query): Query<Launch>) -> Answer {
    if app.ehrs().is_empty() {
        return Err(PageError::NotFound);
    }
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    app.throttle().launch(&address).map_err(|wait| PageError::TooMany(wait.as_secs() + 1))?;
    let Some(ehr) = app.ehrs().iter().find(|ehr| ehr.is(&query.iss)) else {
        let why = "Dit systeem is hier niet bekend. Wie deze server beheert, kan het toevoegen.";
        note(&app, &address, "launch", why).await;
        return Ok(failed(StatusCode::BAD_REQUEST, why));
    };
    let asked = Asked::fresh(ehr);
    let (_, state) = Token::apart();
    let to = match ehr.address(&asked, &state, &query.launch, &redirect(&app)).await {
        Ok(to) => to,
        Err(why) => return Ok(not_now(&app, &peer, &why).await),
    };
    // One cookie, several questions: two patients may be opened at once.
    let (token, jar) = match Token::of(&app, &jar) {
        Some(token) => (token, jar),
        None => Token::fresh(&app, jar),
    };
    step::put(&app, &token.joined(&state), Kind::Launch, None, &asked).await?;
    Ok((jar, Redirect::to(&to)).into_response())
}

/// `GET /smart/terug`: back from it. Only the browser that was sent there goes on, and once.
pub async fn back(State(app): State<App>, peer: Peer, jar: CookieJar, Query(back): Query<Back>) -> Answer {
    if app.ehrs().is_empty() {
        return Err(PageError::NotFound);
    }
    let asked = match Token::of(&app, &jar) {
        Some(token) => step::take::<Asked>(&app, &token.joined(&back.state), Kind::Launch).await?,
        None => None,
    };
    let known = asked.and_then(|(_, asked)| Some((app.ehrs().iter().find(|e| e.is(&asked.issuer))?, asked)));
    let Some((ehr, asked)) = known else {
        let why = "Dit antwoord hoort niet bij een vraag uit deze browser, of is al gebruikt.";
        note(&app, &crate::peer(peer.as_ref().map(|Extension(info)| info)), "launch", why).await;
        return Ok(failed(StatusCode::BAD_REQUEST, why));
    };
    match ehr.patient(&asked, &back, &redirect(&app)).await {
        Ok(bsn) => {
            let to = wait(&app, &bsn).await?;
            log(&app, None, "smart").await?;
            Ok(Redirect::to(&to).into_response())
        }
        Err(why) => Ok(not_now(&app, &peer, &why).await),
    }
}

async fn not_now(app: &App, peer: &Peer, why: &Failed) -> Response {
    tracing::warn!(%why, "a patient could not be opened from a record system");
    note(app, &crate::peer(peer.as_ref().map(|Extension(info)| info)), "launch", why.dutch()).await;
    failed(StatusCode::BAD_GATEWAY, why.dutch())
}
