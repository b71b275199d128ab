//! `tijdig user add`.

use super::{Done, Failure, close, open, organisation};
use crate::args::User;
use crate::output::say;
use std::io::BufRead;

/// Shortest password that is accepted.
const SHORTEST: usize = 12;

/// Adds a person; the password comes from the standard input, so that it is in no history.
pub async fn add(command: User) -> Done {
    let User::Add { at, username, name, role, organisation: of, kind, agb, json } = command;
    let (_, store) = open(&at).await?;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.chars().count() < SHORTEST {
        return Err(Failure::Use(format!("Het wachtwoord (op de standaardinvoer) heeft minstens {SHORTEST} tekens.")));
    }
    let organisation = organisation(&store, &of, kind.as_deref()).await?;
    let person = web::people::new_person(&username, &name, password, agb.as_deref()).map_err(Failure::Use)?;
    let role = web::people::role(&role).map_err(Failure::Use)?;
    store.add_person(&person).await?;
    store.grant_role(&person.id, role, &organisation.id, web::Clock::default().real(), None).await?;
    say(&if json {
        serde_json::json!({"id": person.id.as_str(), "username": username}).to_string()
    } else {
        format!("{username} kan inloggen als {} bij {of}.", role.dutch())
    });
    close(store).await
}
