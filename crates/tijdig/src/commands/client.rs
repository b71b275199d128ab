//! `tijdig client add`.

use super::{Done, Failure, close, open, organisation};
use crate::args::Client;
use crate::output::say;

/// Adds a system; its secret is shown once and kept only as a hash.
pub async fn add(command: Client) -> Done {
    let Client::Add { at, id, scope, organisation: of, kind, json } = command;
    let (_, store) = open(&at).await?;
    let organisation = organisation(&store, &of, kind.as_deref()).await?;
    let secret = web::fresh_secret();
    let client = web::demo::client(&id, &secret, &scope, &organisation.id)
        .ok_or_else(|| Failure::Use("Een client-id bestaat uit letters, cijfers, -, _ en punt.".to_owned()))?;
    store.add_client(&web::program(organisation.id), &client, web::Clock::default().real()).await?;
    say(&if json {
        serde_json::json!({"client_id": id, "client_secret": secret, "scope": scope}).to_string()
    } else {
        format!("client_id:     {id}\nclient_secret: {secret}\nBewaar het geheim nu: het wordt niet nog eens getoond.")
    });
    close(store).await
}
