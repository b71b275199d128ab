//! `tijdig user add`.

use super::{Done, Failure, close, open_or_make, organisation};
use crate::args::User;
use crate::output::say;
use std::io::BufRead;
use web::{Clock, RoleGrant};

/// Adds a person; the password comes from the standard input, so that it is in no history.
pub async fn add(command: User) -> Done {
    let User::Add { at, username, name, role, organisation: of, kind, agb, json } = command;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    let (person, hash) = web::people::new_person(&username, &name, password, agb.as_deref()).map_err(Failure::Use)?;
    let role = web::people::role(&role).map_err(Failure::Use)?;
    // Nothing is made for what is wrong.
    let (_, store) = open_or_make(&at).await?;
    let organisation = organisation(&store, &of, kind.as_deref()).await?;
    let (by, now) = (web::program(organisation.id.clone()), Clock::default().real());
    store.add_person(&by, &person, Some(&hash), now).await?;
    let grant = RoleGrant { organisation: organisation.id, role, from: now, until: None };
    store.grant_role(&by, &person.id, &grant, now).await?;
    say(&if json {
        serde_json::json!({"id": person.id.as_str(), "username": username}).to_string()
    } else {
        format!("{username} kan inloggen als {} bij {of}.", role.dutch())
    });
    close(store).await
}
