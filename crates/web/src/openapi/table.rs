//! The rows.

/// A route that a program may ask for.
pub struct Row {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, as the router knows it.
    pub path: &'static str,
    /// Where it belongs.
    pub tag: &'static str,
    /// What it is for.
    pub summary: &'static str,
    /// Who may.
    pub lets: Lets,
    /// Parameters of the address: name, what it is, and whether it must be there.
    pub query: &'static [(&'static str, &'static str, bool)],
    /// The body.
    pub takes: Takes,
    /// The answers.
    pub gives: &'static [(u16, &'static str, Content)],
}

/// Who may ask.
#[derive(Clone, Copy)]
pub enum Lets {
    /// Anybody.
    Anybody,
    /// A registered system, by secret or key.
    Client,
    /// A registered system, by its key.
    Signed,
    /// Somebody who signed in, in a browser.
    Session,
}

/// What goes in.
#[derive(Clone, Copy)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A form with the fields of this schema.
    Form(&'static str),
}

/// What comes out.
#[derive(Clone, Copy)]
pub enum Content {
    /// Nothing, or somewhere else.
    Nothing,
    /// JSON of this schema.
    Json(&'static str),
    /// Something of this media type.
    Media(&'static str),
}

use Content::{Json, Media, Nothing};

const RUNNING: &str = "draaien";
const TOKENS: &str = "toegang";
const CARDS: &str = "noodkaart";
const OPENING: &str = "openen";
const PAGES: &str = "pagina's";
const FILES: &str = "bestanden";

/// Where rows belong, with what that is.
pub const TAGS: &[(&str, &str)] = &[
    (RUNNING, "Of de server draait, en hoe."),
    (TOKENS, "Een token voor FHIR, en wat de server daarover van zichzelf zegt."),
    (CARDS, "Of een noodkaart of een plan op papier nog geldt (docs/card.md)."),
    (OPENING, "Een patiënt openen vanuit een ander systeem."),
    (PAGES, "Wat de scripts van onze eigen pagina's vragen, met de sessie van wie is ingelogd."),
    (FILES, "Wat iemand die is ingelogd als bestand ophaalt."),
];

const PDF: &[(u16, &str, Content)] = &[
    (200, "Het bestand.", Media("application/pdf")),
    (303, "Eerst inloggen.", Nothing),
    (403, "Geen grondslag.", Media("text/html")),
];
const CSV: &[(u16, &str, Content)] = &[
    (200, "Het bestand.", Media("text/csv")),
    (303, "Eerst inloggen.", Nothing),
    (403, "Dat mag deze rol niet.", Media("text/html")),
];
const ANY_FILE: &[(u16, &str, Content)] = &[
    (200, "Het bestand, zoals het is toegevoegd.", Media("application/octet-stream")),
    (303, "Eerst inloggen.", Nothing),
    (403, "Geen grondslag.", Media("text/html")),
    (404, "Er is geen bestand.", Media("text/html")),
];

const fn anybody(
    method: &'static str,
    path: &'static str,
    tag: &'static str,
    summary: &'static str,
    gives: &'static [(u16, &'static str, Content)],
) -> Row {
    Row { method, path, tag, summary, lets: Lets::Anybody, query: &[], takes: Takes::Nothing, gives }
}

const fn file(path: &'static str, summary: &'static str, gives: &'static [(u16, &'static str, Content)]) -> Row {
    Row { method: "GET", path, tag: FILES, summary, lets: Lets::Session, query: &[], takes: Takes::Nothing, gives }
}

/// Every row.
pub const ROWS: &[Row] = &[
    Row {
        query: &[("pad", "Vult het antwoord aan tot zoveel bytes, om mee te meten.", false)],
        ..anybody("GET", "/healthz", RUNNING, "Het programma draait.", &[(200, "Ja.", Json("Health"))])
    },
    anybody(
        "GET",
        "/readyz",
        RUNNING,
        "Database, sleutels en migraties zijn in orde.",
        &[(200, "Ja.", Json("Ready")), (503, "Nee.", Json("Ready"))],
    ),
    anybody(
        "GET",
        "/metrics",
        RUNNING,
        "Cijfers voor Prometheus; geen ervan gaat over een patiënt.",
        &[(200, "De cijfers.", Media("text/plain"))],
    ),
    anybody("GET", "/openapi.json", RUNNING, "Deze beschrijving.", &[(200, "OpenAPI 3.1.", Media("application/json"))]),
    anybody(
        "GET",
        "/.well-known/smart-configuration",
        TOKENS,
        "Hoe een systeem toegang krijgt (SMART Backend Services).",
        &[(200, "De configuratie.", Json("SmartConfiguration"))],
    ),
    Row {
        method: "POST",
        path: "/oauth/token",
        tag: TOKENS,
        summary: "Een token voor FHIR (OAuth 2, client credentials).",
        lets: Lets::Client,
        query: &[],
        takes: Takes::Form("TokenRequest"),
        gives: &[
            (200, "Het token.", Json("Token")),
            (400, "De vraag klopt niet.", Json("OAuthError")),
            (401, "Onbekend systeem, of het bewijs klopt niet.", Json("OAuthError")),
            (429, "Te veel pogingen.", Json("OAuthError")),
        ],
    },
    anybody(
        "GET",
        "/.well-known/tijdig-kaart.json",
        CARDS,
        "De openbare sleutels waarmee codes op kaarten zijn ondertekend.",
        &[(200, "Een JWK Set.", Json("JwkSet"))],
    ),
    anybody(
        "GET",
        "/kaart/{token}",
        CARDS,
        "Of de kaart met deze code nog geldt: actueel, vervangen op, ingetrokken, of niet van ons.",
        &[(200, "Een pagina die dat zegt, en niets anders.", Media("text/html")), (429, "Te vaak gevraagd.", Nothing)],
    ),
    Row {
        takes: Takes::Form("CardCode"),
        ..anybody(
            "POST",
            "/kaart",
            CARDS,
            "Hetzelfde, met de hele code: dan is ook de handtekening gecontroleerd.",
            &[
                (200, "Een pagina die dat zegt, en niets anders.", Media("text/html")),
                (422, "Dit is geen code.", Media("text/html")),
                (429, "Te vaak gevraagd.", Nothing),
            ],
        )
    },
    Row {
        query: &[
            ("iss", "Het adres van de FHIR-server van uw systeem; dat moet hier zijn ingesteld.", true),
            ("launch", "Het kenmerk waarmee uw autorisatieserver de patiënt herkent.", true),
        ],
        ..anybody(
            "GET",
            "/smart/launch",
            OPENING,
            "SMART App Launch: open dit in de browser van de zorgverlener.",
            &[
                (303, "Naar uw autorisatieserver.", Nothing),
                (400, "Uw systeem is hier niet bekend.", Media("text/html")),
                (404, "Er is geen systeem ingesteld.", Media("text/html")),
                (502, "Uw server gaf geen antwoord dat wij begrijpen.", Media("text/html")),
            ],
        )
    },
    Row {
        query: &[
            ("code", "De code van uw autorisatieserver.", false),
            ("state", "Wat wij hebben meegegeven.", true),
            ("iss", "Wie antwoordt (RFC 9207).", false),
            ("error", "Waarom er geen code is.", false),
        ],
        ..anybody(
            "GET",
            "/smart/terug",
            OPENING,
            "SMART App Launch: de redirect_uri.",
            &[
                (303, "Naar de patiënt, eerst langs inloggen waar dat nodig is.", Nothing),
                (400, "Het antwoord hoort niet bij een vraag uit deze browser.", Media("text/html")),
                (404, "Er is geen systeem ingesteld.", Media("text/html")),
                (502, "Uw server gaf geen antwoord dat wij begrijpen.", Media("text/html")),
            ],
        )
    },
    Row {
        method: "POST",
        path: "/koppelen/openen",
        tag: OPENING,
        summary: "Zonder SMART: een ondertekend bericht dat één keer geldt, uit de browser of van een server.",
        lets: Lets::Signed,
        query: &[],
        takes: Takes::Form("OpenRequest"),
        gives: &[
            (303, "Het adres om in de browser te openen; er staat niets over de patiënt in.", Nothing),
            (400, "Het bericht noemt geen geldig BSN.", Json("OAuthError")),
            (401, "Onbekend systeem, of het bericht klopt niet, is verlopen of al gebruikt.", Json("OAuthError")),
            (403, "Dit systeem mag geen patiënten zoeken.", Json("OAuthError")),
            (429, "Te veel pogingen.", Json("OAuthError")),
        ],
    },
    anybody(
        "GET",
        "/koppelen/verder/{token}",
        OPENING,
        "Waar een antwoord van openen naar verwijst: na inloggen naar de patiënt.",
        &[
            (200, "Niet te openen: onbekend, of geen grondslag.", Media("text/html")),
            (303, "Naar de patiënt, of naar inloggen.", Nothing),
            (403, "Deze rol ziet geen patiënten.", Media("text/html")),
            (404, "Al gebruikt, of ouder dan tien minuten.", Media("text/html")),
        ],
    ),
    Row {
        method: "POST",
        path: "/inloggen/passkey/opties",
        tag: PAGES,
        summary: "Wat de browser nodig heeft om een passkey te vragen.",
        lets: Lets::Anybody,
        query: &[],
        takes: Takes::Nothing,
        gives: &[(200, "PublicKeyCredentialRequestOptions.", Json("Passkey"))],
    },
    Row {
        method: "POST",
        path: "/account/passkey/opties",
        tag: PAGES,
        summary: "Wat de browser nodig heeft om een passkey te maken.",
        lets: Lets::Session,
        query: &[],
        takes: Takes::Form("Csrf"),
        gives: &[(200, "PublicKeyCredentialCreationOptions.", Json("Passkey")), (403, "Verlopen.", Nothing)],
    },
    Row {
        method: "POST",
        path: "/patienten/{id}/plan/concept/{part}",
        tag: PAGES,
        summary: "Bewaart een onderdeel van een concept terwijl iemand typt.",
        lets: Lets::Session,
        query: &[],
        takes: Takes::Form("Csrf"),
        gives: &[
            (200, "Bewaard.", Json("DraftKept")),
            (409, "Een ander bewaarde intussen iets: beide teksten.", Json("DraftKept")),
            (403, "Geen grondslag, of verlopen.", Media("text/html")),
        ],
    },
    Row {
        method: "POST",
        path: "/mijn/{id}/voorbereiden",
        tag: PAGES,
        summary: "Bewaart wat de patiënt voorbereidt; JSON voor wie daarom vraagt, anders een pagina.",
        lets: Lets::Session,
        query: &[],
        takes: Takes::Form("Preparation"),
        gives: &[
            (200, "Bewaard.", Json("PreparationKept")),
            (409, "Iemand anders bewaarde intussen iets.", Json("PreparationKept")),
            (422, "Een antwoord is te lang.", Json("PreparationKept")),
            (403, "Geen grondslag, of verlopen.", Media("text/html")),
        ],
    },
    file("/patienten/{id}/plan.pdf", "Het plan als formulier; met versie=N een eerdere.", PDF),
    file("/patienten/{id}/plan/brief.pdf", "Het plan als brief in gewone taal.", PDF),
    file("/patienten/{id}/kaart.pdf", "De noodkaart.", PDF),
    file("/patienten/{id}/gesprekken/uitnodiging.pdf", "De uitnodiging voor een gesprek.", PDF),
    file("/patienten/{id}/overdracht/{number}/blad.pdf", "Een overdracht op papier.", PDF),
    file(
        "/patienten/{id}/overdracht/{number}/document.json",
        "Een overdracht als FHIR-document.",
        &[
            (200, "Een Bundle van het type document.", Media("application/fhir+json")),
            (303, "Eerst inloggen.", Nothing),
            (403, "Geen grondslag.", Media("text/html")),
        ],
    ),
    file("/overleg/{overleg}/overleg.pdf", "Het verslag van een overleg.", PDF),
    file("/overleg/{overleg}/patient/{id}/samenwerkingsplan.pdf", "Wat een overleg voor één patiënt afsprak.", PDF),
    file("/mijn/{id}/brief.pdf", "Voor de patiënt: het plan als brief.", PDF),
    file("/mijn/{id}/kaart.pdf", "Voor de patiënt: de noodkaart.", PDF),
    file("/mijn/{id}/kopie.pdf", "Voor de patiënt: het hele dossier.", PDF),
    file(
        "/mijn/{id}/kopie.json",
        "Voor de patiënt: het hele dossier, voor programma's.",
        &[(200, "Het dossier.", Media("application/json")), (403, "Geen grondslag.", Media("text/html"))],
    ),
    file("/patienten/{id}/inzage/logboek.csv", "Wie het dossier van een patiënt zag.", CSV),
    file(
        "/patienten/{id}/inzage/logboek.json",
        "Hetzelfde als FHIR AuditEvents (IHE BALP).",
        &[
            (200, "Een Bundle van AuditEvents.", Media("application/fhir+json")),
            (403, "Dat mag deze rol niet.", Media("text/html")),
        ],
    ),
    file("/beheer/logboek/logboek.csv", "Inloggen, zoeken, weigeringen en instellingen.", CSV),
    file("/praktijk/extract/{extract}/fouten.csv", "De rijen van een extract om te herstellen.", CSV),
    file("/declaraties/declaraties.csv", "De declaraties van een maand.", CSV),
    file("/regio/inventarisatie/plan.pdf", "Het plan van aanpak van de regio.", PDF),
    file("/regio/inventarisatie/acties/acties.csv", "De acties van het plan van aanpak.", CSV),
    file("/regio/regio.csv", "De cijfers van de regio.", CSV),
    file("/regio/regio.pdf", "De cijfers van de regio als rapport.", PDF),
    file("/regio/regio.xlsx", "De cijfers van de regio als rekenblad.", ANY_FILE),
    file(
        "/regio/measurereport.json",
        "De cijfers van de regio als FHIR MeasureReports.",
        &[
            (200, "Een Bundle met MeasureReports.", Media("application/fhir+json")),
            (303, "Eerst inloggen.", Nothing),
            (403, "Dat mag deze rol niet.", Media("text/html")),
        ],
    ),
    file("/patienten/{id}/documenten/{naam}/bestand", "Het bestand van een document.", ANY_FILE),
    file("/toolkit/{stuk}/bestand", "Het bestand van materiaal van een organisatie.", ANY_FILE),
];
