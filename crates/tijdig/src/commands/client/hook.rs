//! `tijdig client hook`: where a system is told that plans changed.

use super::super::{Done, Failure, close, open};
use super::known;
use crate::args::{Hook as Command, Where};
use crate::output::say;
use serde_json::json;
use web::{Clock, Hook, HookId, HookKind, HookSender, MOST_HOOKS};

/// Does what was asked.
pub async fn run(command: Command) -> Done {
    match command {
        Command::Add { at, id, address, kind, json } => add(&at, &id, &address, &kind, json).await,
        Command::List { at, id, json } => list(&at, &id, json).await,
        Command::Pause { at, id, hook } => change(&at, &id, &hook, Change::Rest).await,
        Command::Resume { at, id, hook } => change(&at, &id, &hook, Change::GoOn).await,
        Command::Remove { at, id, hook } => change(&at, &id, &hook, Change::Remove).await,
    }
}

enum Change {
    Rest,
    GoOn,
    Remove,
}

async fn add(at: &Where, id: &str, address: &str, kind: &str, json: bool) -> Done {
    let kind = HookKind::of_code(kind)
        .filter(|k| *k != HookKind::Subscription)
        .ok_or_else(|| Failure::Use("Een adres is een webhook of een origin.".to_owned()))?;
    let (config, store) = open(at).await?;
    let sender = HookSender::default();
    sender.set(config.hooks);
    let url = sender.checked(address).map_err(Failure::Use)?;
    let client = known(&store, id).await?;
    if store.hooks_of(&client.id).await?.len() >= MOST_HOOKS {
        return Err(Failure::Failed(format!("Een systeem heeft hoogstens {MOST_HOOKS} adressen.")));
    }
    let now = Clock::default().real();
    let hook = web::new_hook(&client, kind, &url, now);
    store.add_hook(&web::program(client.organisation), &hook, now).await?;
    tell(&hook, json);
    close(store).await
}

fn tell(hook: &Hook, json: bool) {
    let (id, address, secret) = (hook.id.as_str(), &hook.at.address, &hook.at.secret);
    say(&match (json, secret.is_empty()) {
        (true, true) => json!({"id": id, "address": address}).to_string(),
        (true, false) => json!({"id": id, "address": address, "secret": secret}).to_string(),
        (false, true) => format!("id:      {id}\nadres:   {address}"),
        (false, false) => format!(
            "id:      {id}\nadres:   {address}\ngeheim:  {secret}\nBewaar het geheim nu: het wordt niet nog eens getoond."
        ),
    });
}

async fn list(at: &Where, id: &str, json: bool) -> Done {
    let (_, store) = open(at).await?;
    let client = known(&store, id).await?;
    let hooks = store.hooks_of(&client.id).await?;
    if json {
        let row = |h: &Hook| json!({"id": h.id.as_str(), "kind": h.kind.code(), "address": h.at.address, "state": h.state.code()});
        say(&json!(hooks.iter().map(row).collect::<Vec<_>>()).to_string());
    } else {
        for h in &hooks {
            say(&format!("{} {:<8} {:<6} {}", h.id, h.kind.code(), h.state.code(), h.at.address));
        }
    }
    close(store).await
}

async fn change(at: &Where, id: &str, hook: &str, how: Change) -> Done {
    let (_, store) = open(at).await?;
    let client = known(&store, id).await?;
    let gone = || Failure::Failed(format!("{id} heeft dit adres niet."));
    let hook = HookId::parse(hook).map_err(|_| gone())?;
    let (by, now) = (web::program(client.organisation.clone()), Clock::default().real());
    let (done, said) = match how {
        Change::Rest => {
            (store.set_hook(&by, &client.id, &hook, false, now).await?, "Hierheen gaan geen berichten meer.")
        }
        Change::GoOn => (store.set_hook(&by, &client.id, &hook, true, now).await?, "Hierheen gaan weer berichten."),
        Change::Remove => (store.remove_hook(&by, &client.id, &hook, now).await?, "Het adres is weggehaald."),
    };
    if !done {
        return Err(gone());
    }
    say(said);
    close(store).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Client, PublicKeys};

    #[tokio::test]
    async fn an_address_is_added_rests_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        let at = Where { data: Some(folder.path().to_owned()), ..Where::default() };
        let client = Client::Add {
            at: at.clone(),
            id: "his".into(),
            scope: "system/*.rs".into(),
            organisation: "Praktijk".into(),
            kind: Some("gp-practice".into()),
            purpose: "treatment".into(),
            keys: PublicKeys::default(),
            json: true,
        };
        super::super::run(client).await.unwrap();
        let add = |id: &str, address: &str, kind: &str| Command::Add {
            at: at.clone(),
            id: id.into(),
            address: address.into(),
            kind: kind.into(),
            json: false,
        };
        run(add("his", "https://his.example/tijdig", "webhook")).await.unwrap();
        run(add("his", "https://his.example/tijdig", "origin")).await.unwrap();
        for wrong in [
            add("his", "http://his.example/", "webhook"),
            add("his", "https://10.0.0.1/", "webhook"),
            add("his", "https://his.example/", "subscription"),
        ] {
            assert!(matches!(run(wrong).await, Err(Failure::Use(_))));
        }
        assert!(matches!(run(add("niemand", "https://x.example/", "webhook")).await, Err(Failure::Failed(_))));
        let (_, store) = open(&at).await.unwrap();
        let client = known(&store, "his").await.unwrap();
        let hooks = store.hooks_of(&client.id).await.unwrap();
        close(store).await.unwrap();
        assert_eq!(hooks.len(), 2);
        assert!(!hooks[0].at.secret.is_empty() && hooks[1].at.address == "https://his.example");
        let (id, hook) = ("his".to_owned(), hooks[0].id.to_string());
        run(Command::Pause { at: at.clone(), id: id.clone(), hook: hook.clone() }).await.unwrap();
        run(Command::List { at: at.clone(), id: id.clone(), json: true }).await.unwrap();
        run(Command::Resume { at: at.clone(), id: id.clone(), hook: hook.clone() }).await.unwrap();
        run(Command::Remove { at: at.clone(), id: id.clone(), hook: hook.clone() }).await.unwrap();
        let again = run(Command::Remove { at: at.clone(), id: id.clone(), hook }).await;
        assert!(matches!(again, Err(Failure::Failed(_))));
        run(Command::List { at, id, json: false }).await.unwrap();
    }
}
