//! `/inloggen/openid`: to the provider, and back.

use super::field::Problem;
use super::render::{Answer, refused};
use super::sign_in::SignInPage;
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get};
use crate::sign_in::enter::{self, Entrant, First, Waiting};
use crate::sign_in::openid::check::{Asked, Back};
use crate::sign_in::openid::{Failed, Provider};
use crate::sign_in::step::{self, Kind, Token};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use serde_json::Value;

/// The routes.
pub fn routes() -> Routes {
    Routes::new().route("/inloggen/openid", get(go)).route("/inloggen/openid/terug", get(back))
}

/// Query of the way there.
#[derive(Debug, Default, Deserialize)]
pub struct Where {
    #[serde(default)]
    naar: String,
}

fn redirect(app: &App) -> String {
    format!("{}/inloggen/openid/terug", app.config().base_url)
}

/// `GET /inloggen/openid`: to the provider.
pub async fn go(State(app): State<App>, jar: CookieJar, Query(query): Query<Where>) -> Answer {
    let provider = app.openid().ok_or(PageError::NotFound)?;
    let asked = Asked::fresh(&query.naar);
    let address = match provider.address(&asked, &redirect(&app), app.clock().real()).await {
        Ok(address) => address,
        Err(failed) => return not_now(&app, &failed, &query.naar).await,
    };
    let (token, jar) = Token::fresh(&app, jar);
    step::put(&app, &token, Kind::OpenId, None, &asked).await?;
    Ok((jar, Redirect::to(&address)).into_response())
}

/// `GET /inloggen/openid/terug`: back from the provider. Whatever comes in the address, one goes on to a page of this
/// server that was known before one left it.
pub async fn back(State(app): State<App>, jar: CookieJar, headers: HeaderMap, Query(back): Query<Back>) -> Answer {
    let provider = app.openid().ok_or(PageError::NotFound)?;
    let asked = match Token::of(&app, &jar) {
        Some(token) => step::take::<Asked>(&app, &token, Kind::OpenId).await?,
        None => None,
    };
    let Some((_, asked)) = asked else {
        return not_now(&app, &Failed::Answer("nobody asked in this browser"), "").await;
    };
    let claims = match provider.claims(&asked, &back, &redirect(&app), app.clock().real()).await {
        Ok(claims) => claims,
        Err(failed) => return not_now(&app, &failed, &asked.to).await,
    };
    let Some((entrant, role)) = known(&app, provider, &claims).await? else {
        enter::refused(&app, None, "openid: nobody here").await?;
        let message =
            "U bent hier niet bekend, of uw rol van nu is hier niet de uwe. Vraag de beheerder van uw organisatie.";
        return Ok(refused(&SignInPage::new(&app, "", &asked.to, vec![Problem::whole(message)], None)));
    };
    let waiting = Waiting { to: asked.to, first: First::OpenId, role };
    if provider.asked_second(&claims) {
        return enter::whole(&app, jar, &headers, &entrant, &waiting, "openid with second factor").await;
    }
    enter::first(&app, jar, &headers, &entrant, waiting).await
}

type Known = Option<(Entrant, Option<(domain::role::Role, domain::ident::OrganisationId)>)>;

/// Who it is here, and in which role where the provider names one: a role that is not held is never given.
async fn known(app: &App, provider: &Provider, claims: &Value) -> Result<Known, store::Error> {
    let Some(value) = claims[&provider.settings.person_claim].as_str() else { return Ok(None) };
    let people = app.store().people_known_as(provider.settings.person_is.into(), value).await?;
    // Two with one number: nobody can tell which.
    let [person] = people.as_slice() else { return Ok(None) };
    let Some(entrant) = Entrant::of(app, person).await? else { return Ok(None) };
    let Some(named) = provider.roles_named(claims) else { return Ok(Some((entrant, None))) };
    let mut held = entrant.roles.iter().filter(|g| named.contains(&g.role));
    let (first, more) = (held.next().cloned(), held.next().is_some());
    match first {
        None => Ok(None),
        // The same role at two organisations: one chooses.
        Some(_) if more => Ok(Some((entrant, None))),
        Some(grant) => Ok(Some((entrant, Some((grant.role, grant.organisation))))),
    }
}

async fn not_now(app: &App, failed: &Failed, to: &str) -> Result<Response, PageError> {
    tracing::warn!(%failed, "signing in through the provider failed");
    enter::refused(app, None, "openid").await?;
    let message = "Inloggen via uw organisatie lukte niet. Probeer het nog eens, of log in met uw wachtwoord.";
    Ok(refused(&SignInPage::new(app, "", to, vec![Problem::whole(message)], None)))
}
