//! The pages about systems that are told of changes, from the sample.

use super::checks::whole_and_labelled;
use super::pages::frame;
use crate::pages::admin::clients::{ClientRow, ClientsPage, HookAdded, HookRow, Typed, fields};
use crate::pages::field::Problem;
use crate::pages::frame::Place;
use askama::Template;
use domain::hook::{Kind, State};
use domain::ident::{ClientId, HookId, OrganisationId};
use domain::outbox::Failure;
use domain::purpose::Purpose;
use jiff::Timestamp;
use store::clients::Client;
use store::hooks::{At, Hook};

#[derive(Clone, Copy)]
enum Last {
    Never,
    Arrived,
    Failed(Failure),
}

fn hook(n: u128, kind: Kind, state: State, last: Last) -> HookRow {
    let hook = Hook {
        id: HookId::from_bits(n),
        client: ClientId::parse("his-de-linde").unwrap(),
        kind,
        patient: None,
        state,
        made_at: Timestamp::UNIX_EPOCH,
        until: None,
        at: At { address: format!("https://his.voorbeeld.test/een/lang/adres/voor/tijdig/{n}"), ..At::default() },
        last: match last {
            Last::Never => None,
            Last::Arrived => Some((Timestamp::UNIX_EPOCH, None)),
            Last::Failed(failure) => Some((Timestamp::UNIX_EPOCH, Some(failure))),
        },
    };
    HookRow::of(&hook, domain::date::local_day(Timestamp::UNIX_EPOCH))
}

fn row(id: &str, hooks: Vec<HookRow>) -> ClientRow {
    let client = Client {
        id: ClientId::parse(id).unwrap(),
        name: id.to_owned(),
        organisation: OrganisationId::from_bits(1),
        scope: "system/*.rs".to_owned(),
        purpose: Purpose::Treatment,
        secret_hash: None,
        keys: None,
        active: hooks.is_empty(),
    };
    ClientRow::of(&client, hooks)
}

fn clients(some: bool, errors: Vec<Problem>) -> String {
    let hooks = vec![
        hook(1, Kind::Webhook, State::Active, Last::Arrived),
        hook(2, Kind::Webhook, State::Error, Last::Failed(Failure::NoAnswer)),
        hook(3, Kind::Webhook, State::Off, Last::Never),
        hook(4, Kind::Origin, State::Active, Last::Never),
    ];
    let clients = if some { vec![row("his-de-linde", hooks), row("ketenplatform", Vec::new())] } else { Vec::new() };
    let typed = Typed { client: "ketenplatform", kind: "webhook", address: "http://fout" };
    let page = ClientsPage {
        frame: frame("Koppelingen", Place::BelowAdmin),
        organisation: "Huisartsenpraktijk De Linde".to_owned(),
        action: "/beheer/organisaties/1/koppelingen".to_owned(),
        fields: fields(&clients, typed, &errors),
        clients,
        errors,
    };
    page.render().unwrap()
}

#[test]
fn the_pages_about_systems_are_whole() {
    let added = HookAdded {
        frame: frame("Het geheim van deze webhook", Place::BelowAdmin),
        client: "his-de-linde".to_owned(),
        address: "https://his.voorbeeld.test/tijdig".to_owned(),
        secret: "bQ2hYb0m3vX5wq8K1nR7sT4uJ6eL9aZcFgHiPoDxVyE".to_owned(),
        back: "/beheer".to_owned(),
    };
    for (name, html) in [
        ("koppelingen", clients(true, Vec::new())),
        ("koppelingen-fout", clients(true, vec![Problem::at("adres", "Het adres begint met https://.")])),
        ("koppelingen-leeg", clients(false, Vec::new())),
        ("webhook-geheim", added.render().unwrap()),
    ] {
        whole_and_labelled(name, &html);
    }
    let page = clients(true, Vec::new());
    assert_eq!(page.matches("value=\"proef\"").count(), 2, "what rests, and an origin, are not tried");
}
