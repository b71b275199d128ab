//! `tijdig client`: systems that exchange over FHIR.

mod hook;

use super::{Done, Failure, close, open, open_or_make, organisation};
use crate::args::{Client as Command, PublicKeys, Where};
use crate::output::say;
use serde_json::json;
use web::{Client, ClientKeys, Clock, Store};

/// Does what was asked.
pub async fn run(command: Command) -> Done {
    match command {
        Command::Add { at, id, scope, organisation: of, kind, purpose, keys, json } => {
            let keys = read(keys)?;
            let (_, store) = open_or_make(&at).await?;
            let organisation = organisation(&store, &of, kind.as_deref()).await?;
            let mut client = web::new_client(&id, &organisation.id, &scope, &purpose, keys).map_err(Failure::Use)?;
            // A system with keys of its own has no secret that could leak.
            let secret = client.keys.is_none().then(web::fresh_secret);
            client.secret_hash = secret.as_deref().map(web::secret_hash);
            store.add_client(&web::program(organisation.id), &client, Clock::default().real()).await?;
            tell(&client, secret.as_deref(), json);
            close(store).await
        }
        Command::List { at, json } => list(&at, json).await,
        Command::Disable { at, id } => {
            change(&at, &id, |client| client.active = false).await?;
            say(&format!("{id} krijgt geen token meer, en wat het had, geldt niet meer."));
            Ok(())
        }
        Command::Enable { at, id } => {
            change(&at, &id, |client| client.active = true).await?;
            say(&format!("{id} kan weer een token vragen."));
            Ok(())
        }
        Command::RotateSecret { at, id, json } => {
            let secret = web::fresh_secret();
            let hash = web::secret_hash(&secret);
            let client = change(&at, &id, |client| client.secret_hash = Some(hash)).await?;
            tell(&client, Some(&secret), json);
            Ok(())
        }
        Command::Hook(command) => hook::run(command).await,
        Command::Keys { at, id, keys } => {
            let keys = read(keys)?.ok_or_else(|| Failure::Use("Noem --jwks FILE of --jwks-url URL.".to_owned()))?;
            let client = find(&at, &id).await?;
            web::new_client(&id, &client.organisation, &client.scope, client.purpose.code(), Some(keys.clone()))
                .map_err(Failure::Use)?;
            change(&at, &id, |client| {
                client.keys = Some(keys);
                client.secret_hash = None;
            })
            .await?;
            say(&format!("{id} meldt zich voortaan aan met de nieuwe sleutels."));
            Ok(())
        }
    }
}

/// The keys that the command line names.
fn read(keys: PublicKeys) -> Result<Option<ClientKeys>, Failure> {
    Ok(match (keys.jwks, keys.jwks_url) {
        (Some(file), _) => {
            let text = std::fs::read_to_string(&file).map_err(|e| Failure::Use(format!("{}: {e}", file.display())))?;
            Some(ClientKeys::Set(text))
        }
        (None, Some(address)) => Some(ClientKeys::Address(address)),
        (None, None) => None,
    })
}

async fn known(store: &Store, id: &str) -> Result<Client, Failure> {
    let all = store.clients().await?;
    all.into_iter().find(|c| c.id.as_str() == id).ok_or_else(|| Failure::Failed(format!("Er is geen systeem {id}.")))
}

async fn find(at: &Where, id: &str) -> Result<Client, Failure> {
    let (_, store) = open(at).await?;
    let client = known(&store, id).await;
    close(store).await?;
    client
}

async fn change(at: &Where, id: &str, how: impl FnOnce(&mut Client)) -> Result<Client, Failure> {
    let (_, store) = open(at).await?;
    let mut client = known(&store, id).await?;
    how(&mut client);
    store.change_client(&web::program(client.organisation.clone()), &client, Clock::default().real()).await?;
    close(store).await?;
    Ok(client)
}

fn tell(client: &Client, secret: Option<&str>, json: bool) {
    let id = client.id.as_str();
    if json {
        let mut answer = json!({"client_id": id, "scope": client.scope, "purpose": client.purpose.code()});
        if let Some(secret) = secret {
            answer["client_secret"] = secret.into();
        }
        return say(&answer.to_string());
    }
    say(&match secret {
        Some(secret) => format!(
            "client_id:     {id}\nclient_secret: {secret}\nBewaar het geheim nu: het wordt niet nog eens getoond."
        ),
        None => format!("client_id:     {id}\nHet systeem meldt zich aan met zijn eigen sleutels (private_key_jwt)."),
    });
}

async fn list(at: &Where, json: bool) -> Done {
    let (_, store) = open(at).await?;
    let organisations = store.organisations().await?;
    let name = |client: &Client| {
        organisations.iter().find(|o| o.id == client.organisation).map_or("", |o| o.name.as_str()).to_owned()
    };
    let means = |client: &Client| match (&client.keys, &client.secret_hash) {
        (Some(ClientKeys::Address(address)), _) => address.clone(),
        (Some(ClientKeys::Set(_)), _) => "jwks".to_owned(),
        (None, Some(_)) => "secret".to_owned(),
        (None, None) => "-".to_owned(),
    };
    let clients = store.clients().await?;
    if json {
        let rows: Vec<_> = clients
            .iter()
            .map(|c| {
                json!({
                    "client_id": c.id.as_str(), "organisation": name(c), "scope": c.scope,
                    "purpose": c.purpose.code(), "means": means(c), "active": c.active,
                })
            })
            .collect();
        say(&json!(rows).to_string());
    } else {
        for c in &clients {
            let state = if c.active { "aan" } else { "uit" };
            say(&format!(
                "{:<24} {state:<4} {:<10} {:<24} {:<30} {}",
                c.id.as_str(),
                c.purpose.code(),
                c.scope,
                name(c),
                means(c)
            ));
        }
    }
    close(store).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(jwks: Option<&std::path::Path>, url: Option<&str>) -> PublicKeys {
        PublicKeys { jwks: jwks.map(Into::into), jwks_url: url.map(Into::into) }
    }

    #[tokio::test]
    async fn a_system_is_added_changed_and_shut_out() {
        let folder = tempfile::tempdir().unwrap();
        let at = Where { data: Some(folder.path().to_owned()), ..Where::default() };
        let add = |id: &str, scope: &str, purpose: &str, keys| Command::Add {
            at: at.clone(),
            id: id.into(),
            scope: scope.into(),
            organisation: "Huisartsenpost".into(),
            kind: Some("out-of-hours".into()),
            purpose: purpose.into(),
            keys,
            json: true,
        };
        run(add("hap", "system/Consent.rs", "emergency", keys(None, Some("https://hap.example/jwks")))).await.unwrap();
        run(add("his", "system/*.rs", "treatment", PublicKeys::default())).await.unwrap();
        let file = folder.path().join("jwks.json");
        std::fs::write(&file, r#"{"keys":[{"kty":"EC","crv":"P-384","x":"","y":"","d":"geheim","kid":"1"}]}"#).unwrap();
        for wrong in [
            add("a", "system/Consent.rs", "emergency", keys(None, Some("http://hap.example/jwks"))),
            add("b", "openid", "treatment", PublicKeys::default()),
            add("c", "system/*.rs", "research", PublicKeys::default()),
            add("d e", "system/*.rs", "treatment", PublicKeys::default()),
            add("f", "system/*.rs", "treatment", keys(Some(&file), None)),
            add("g", "system/*.rs", "treatment", keys(Some(&folder.path().join("weg")), None)),
        ] {
            assert!(matches!(run(wrong).await, Err(Failure::Use(_))));
        }
        let hap = find(&at, "hap").await.unwrap();
        assert_eq!((hap.purpose.code(), hap.secret_hash.is_none(), hap.active), ("emergency", true, true));
        let secret = find(&at, "his").await.unwrap().secret_hash.unwrap();
        run(Command::RotateSecret { at: at.clone(), id: "his".into(), json: false }).await.unwrap();
        assert_ne!(find(&at, "his").await.unwrap().secret_hash.unwrap(), secret);
        let address = keys(None, Some("https://his.example/jwks"));
        run(Command::Keys { at: at.clone(), id: "his".into(), keys: address }).await.unwrap();
        assert_eq!(find(&at, "his").await.unwrap().secret_hash, None);
        run(Command::Disable { at: at.clone(), id: "his".into() }).await.unwrap();
        assert!(!find(&at, "his").await.unwrap().active);
        run(Command::Enable { at: at.clone(), id: "his".into() }).await.unwrap();
        assert!(find(&at, "his").await.unwrap().active);
        run(Command::List { at: at.clone(), json: false }).await.unwrap();
        let nobody = run(Command::Disable { at: at.clone(), id: "niemand".into() }).await;
        assert!(matches!(nobody, Err(Failure::Failed(_))));
    }
}
