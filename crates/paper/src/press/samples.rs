//! Sheets to try the press with.

use crate::{
    Block, Card, Chapter, Column, Day, Dossier, Fact, Form, Letter, Limit, Mark, Notice, Part, Person, Qr, Section,
    Statement, Table, Topic,
};

pub const DAY: Day = Day { year: 2026, month: 11, day: 22 };

/// A drawing that is not a real QR code, as large as one.
pub fn qr(alt: &str) -> Qr {
    let modules =
        (0..29).map(|y: usize| (0..29).map(|x: usize| (x * 7 + y * 11 + x * y).is_multiple_of(3)).collect()).collect();
    Qr { modules, alt: alt.to_owned(), caption: "Scan om te zien of dit de nieuwste versie is".to_owned() }
}

fn fact(label: &str, says: &str) -> Fact {
    Fact { label: label.to_owned(), says: says.to_owned() }
}

fn said(mark: Option<Mark>, text: &str, why: Option<&str>, small: &[&str]) -> Statement {
    Statement {
        mark,
        text: text.to_owned(),
        quiet: mark == Some(Mark::Unknown),
        told: None,
        why: why.map(str::to_owned),
        small: small.iter().map(|s| (*s).to_owned()).collect(),
    }
}

fn topic(label: &str, statement: Statement) -> Topic {
    Topic { label: label.to_owned(), statements: vec![statement], proposals: Vec::new() }
}

fn section(number: &str, title: &str, topics: Vec<Topic>) -> Section {
    Section { number: number.to_owned(), title: title.to_owned(), topics }
}

const SET: &[&str] = &[
    "sinds 8 november 2025",
    "afgesproken met mevrouw Jansen en Mirjam Jansen",
    "vastgesteld door Saskia van Huissen, huisarts",
];

/// A plan as most are.
pub fn form() -> Form {
    let limits = vec![
        topic(
            "Reanimatie",
            said(
                Some(Mark::DoNot),
                "Niet reanimeren",
                Some("Waarom: Mijn hart is op. Als het stopt, laat me dan gaan."),
                SET,
            ),
        ),
        topic(
            "Beademing",
            said(
                Some(Mark::But),
                "Beademing: alleen rond een operatie",
                Some("Waarom: Voor een korte operatie mag het, langer niet."),
                SET,
            ),
        ),
        topic("Intensive care", said(Some(Mark::DoNot), "Geen opname op de intensive care", None, SET)),
        Topic {
            proposals: vec![said(
                Some(Mark::But),
                "Ziekenhuis: alleen voor een gebroken heup",
                Some("Waarom: Liever niet meer weg van huis."),
                &["voorgesteld door Ans de Wit, wijkverpleegkundige, op 18 november 2026"],
            )],
            ..topic("Ziekenhuis", said(Some(Mark::Do), "Ziekenhuis: ja", None, SET))
        },
        topic("Antibiotica", said(Some(Mark::Do), "Antibiotica: ja", None, SET)),
        topic(
            "Bloedproducten",
            said(Some(Mark::Unknown), "Bloedproducten: onbekend", None, &["sinds 8 november 2025"]),
        ),
        topic("Overige grenzen", said(Some(Mark::DoNot), "Sondevoeding: niet", None, SET)),
        topic("ICD", said(None, "Heeft geen ICD", None, &["sinds 8 november 2025"])),
    ];
    let wishes = Statement {
        told: Some("Ik wil thuis blijven zolang mijn zus in de buurt is. Als ik benauwd ben wil ik graag rechtop zitten bij het raam.\nDe hond mag bij mij op bed.".to_owned()),
        ..said(None, "", None, &["sinds 8 november 2025", "vastgelegd door Ans de Wit, wijkverpleegkundige"])
    };
    Form {
        title: "Plan voor zorg in de toekomst".to_owned(),
        name: "Mevrouw S. Jansen-de Boer".to_owned(),
        facts: vec![fact("Geboren", "12 maart 1941"), fact("BSN", "999 911 120"), fact("Huisarts", "Praktijk De Linde, Arnhem")],
        edition: "Versie 4 van 8 november 2025".to_owned(),
        about: vec!["Vastgelegd door Saskia van Huissen, huisarts, Praktijk De Linde".to_owned()],
        summary: "Mevrouw Jansen wil comfort en geen behandeling die alleen het leven verlengt. Zij wil niet gereanimeerd worden en niet naar de intensive care.".to_owned(),
        notices: vec![Notice {
            title: "Let op: kijk of dit nog klopt".to_owned(),
            lines: vec!["Er is nog geen telefoonnummer van de vertegenwoordiger.".to_owned()],
        }],
        glance_title: "In een noodgeval".to_owned(),
        glance: vec![
            said(Some(Mark::DoNot), "Niet reanimeren", None, &["vastgesteld door Saskia van Huissen, huisarts"]),
            said(Some(Mark::But), "Beademing: alleen rond een operatie", None, &["vastgesteld door Saskia van Huissen, huisarts"]),
            said(Some(Mark::DoNot), "Geen IC", None, &["vastgesteld door Saskia van Huissen, huisarts"]),
            said(Some(Mark::Do), "Ziekenhuis: ja", None, &["voorgesteld: alleen voor een gebroken heup, nog niet medisch vastgesteld"]),
        ],
        sections: vec![
            section("1", "Wilsbekwaamheid en vertegenwoordiging", vec![
                topic("Wilsbekwaam", said(None, "Kan zelf beslissen over deze behandelingen", None, &["sinds 8 november 2025", "vastgelegd door Saskia van Huissen, huisarts"])),
                topic("Vertegenwoordiger", said(None, "Mirjam Jansen, dochter, 06 1234 5678", None, &[])),
            ]),
            section("2", "Wie erbij was", vec![topic("Wie erbij was", said(None, "Mevrouw Jansen, Mirjam Jansen (dochter), Saskia van Huissen (huisarts)", None, &["op 8 november 2025"]))]),
            section("3", "Doel van de behandeling", vec![topic("Doel van de behandeling", said(Some(Mark::Do), "Voorkomen en behandelen van klachten", Some("Waarom: Ik heb een mooi leven gehad."), &["sinds 8 november 2025"]))]),
            section("4", "Behandelgrenzen", limits),
            section("5", "Wensen voor zorg en leven", vec![
                topic("Wensen voor de zorg", wishes),
                topic("Sociaal", said(None, "Iedere zondag naar de kerk", Some("Afspraak: de buurman rijdt, tot en met Pasen"), &[])),
                topic("Plek om te sterven", said(None, "Thuis", None, &["sinds 8 november 2025"])),
                topic("Euthanasie", said(None, "Geen wens", None, &["sinds 8 november 2025"])),
                topic("Orgaandonatie", said(Some(Mark::Unknown), "Niet besproken", None, &[])),
            ]),
            section("6", "Wat verder belangrijk is", vec![topic("Wat het leven zin geeft", said(Some(Mark::Unknown), "Niet besproken", None, &[]))]),
            section("7", "Eerder vastgelegd", vec![topic("Wilsverklaringen", said(None, "Behandelverbod van 3 mei 2019", None, &["het stuk zelf is hier bewaard"]))]),
            section("8", "Delen", vec![
                topic("Naasten informeren", said(Some(Mark::Do), "Mirjam weet van deze afspraken", None, &[])),
                topic("Delen met anderen", said(Some(Mark::Do), "Toestemming om te delen met alle betrokken zorgverleners", None, &["sinds 8 november 2025"])),
            ]),
        ],
        people_title: "Mensen".to_owned(),
        people: vec![
            Person { name: "Mirjam Jansen".to_owned(), part: "Dochter, vertegenwoordiger en eerste contactpersoon".to_owned(), reach: vec!["06 1234 5678".to_owned()] },
            Person { name: "Saskia van Huissen".to_owned(), part: "Huisarts, Praktijk De Linde, voerde het laatste gesprek".to_owned(), reach: Vec::new() },
        ],
        foot: vec!["Papier loopt achter: vraag de huisarts of er een nieuwere versie is.".to_owned()],
        qr: Some(qr("QR-code waarmee u ziet of dit de nieuwste versie is")),
        dated: Day { year: 2025, month: 11, day: 8 },
    }
}

/// A card to carry along.
pub fn card(bare: bool) -> Card {
    let limit = |mark, text: &str| Limit { mark: Some(mark), text: text.to_owned(), quiet: mark == Mark::Unknown };
    let modules =
        (0..53).map(|y: usize| (0..53).map(|x: usize| (x * 7 + y * 11 + x * y).is_multiple_of(3)).collect()).collect();
    Card {
        title: "Noodkaart".to_owned(),
        edition: "versie 4 van 8 november 2025".to_owned(),
        name: "Mevrouw S. Jansen-de Boer".to_owned(),
        born: "Geboren op 12 maart 1941".to_owned(),
        limits: vec![
            limit(Mark::DoNot, "Niet reanimeren"),
            limit(Mark::But, "Beademing: alleen rond een operatie"),
            limit(Mark::DoNot, "Geen IC"),
            limit(Mark::Unknown, "Ziekenhuisopname: niet besproken"),
        ],
        goal: "Doel: comfort, niet levensverlenging".to_owned(),
        set: "Vastgesteld door Saskia van Huissen, huisarts".to_owned(),
        back_title: "Bel".to_owned(),
        address: "zorgplan.example.nl/kaart".to_owned(),
        call: vec![Person {
            name: "Mirjam Jansen".to_owned(),
            part: "dochter, vertegenwoordiger".to_owned(),
            reach: vec!["06 1234 5678".to_owned()],
        }],
        nobody: String::new(),
        check: "Klopt dit nog? Scan de code, of typ haar op dit adres:".to_owned(),
        code: "ABCD-EFGH-JKLM-NPQR".to_owned(),
        qr: Some(Qr {
            modules,
            alt: "QR-code waarmee u ziet of deze kaart nog geldt".to_owned(),
            caption: String::new(),
        }),
        bare,
        steps_title: if bare { String::new() } else { "Zo maakt u de kaart".to_owned() },
        steps: if bare {
            Vec::new()
        } else {
            ["Knip de kaart uit langs de lijn.", "Vouw hem dubbel op de stippellijn.", "Bewaar hem bij uw pas."]
                .map(str::to_owned)
                .to_vec()
        },
        about: if bare { Vec::new() } else { vec!["Verandert uw plan? Dan krijgt u een nieuwe kaart.".to_owned()] },
        dated: Day { year: 2025, month: 11, day: 8 },
    }
}

/// A card on which nothing is short.
pub fn full_card() -> Card {
    let mut card = card(true);
    card.name = "Wilhelmina Cornelia Johanna van den Broek-van der Oye van Zuilen".to_owned();
    for limit in &mut card.limits {
        limit.text = "Ziekenhuisopname: onder voorwaarde. Lees het plan.".to_owned();
    }
    card.goal = "Doel: behandelen van klachten, en het leven verlengen als dat geen last geeft".to_owned();
    card.set =
        "Vastgesteld door Annemarie van Huissen-Terpstra, specialist ouderengeneeskunde, op 8 november 2025".to_owned();
    let second = Person {
        name: "Jan-Willem Jansen-Terpstra van Dijk".to_owned(),
        part: "zoon, eerste contactpersoon".to_owned(),
        reach: vec!["026 123 45 67".to_owned(), "06 8765 4321".to_owned()],
    };
    card.call.push(second);
    card
}

/// Nothing was discussed.
pub fn silent() -> Form {
    let mut form = form();
    let nothing = || said(Some(Mark::Unknown), "Niet besproken", None, &[]);
    for topic in form.sections.iter_mut().flat_map(|s| &mut s.topics) {
        topic.statements = vec![nothing()];
        topic.proposals = Vec::new();
    }
    form.glance = ["Reanimatie", "Beademing", "Intensive care", "Ziekenhuis"]
        .map(|t| Statement { text: format!("{t}: niet besproken"), ..nothing() })
        .to_vec();
    Form {
        notices: Vec::new(),
        people_title: String::new(),
        people: Vec::new(),
        qr: None,
        summary: String::new(),
        ..form
    }
}

/// The longest texts.
pub fn long() -> Form {
    let mut form = form();
    let text = "Als het zover is wil ik dat iedereen die hier komt eerst even gaat zitten, zegt wie hij is en vraagt hoe de nacht was. ".repeat(60);
    for topic in form.sections.iter_mut().flat_map(|s| &mut s.topics) {
        for said in &mut topic.statements {
            said.why = Some(text.trim().to_owned());
        }
    }
    form
}

/// Where nothing fits: conditions of a page each, a text of line ends, words without end.
pub fn overfull() -> Form {
    let mut form = long();
    for said in &mut form.glance {
        said.text = "Alleen als de zoon erbij is en het heeft uitgelegd. ".repeat(40).trim().to_owned();
    }
    form.glance[1].text = "W".repeat(1200);
    form.sections[3].topics[0].statements[0].text = "a".repeat(300);
    form.sections[4].topics[0].statements[0].told = Some("regel\n".repeat(100).trim().to_owned());
    form.people[0].name = "M".repeat(200);
    form
}

/// The letter that invites somebody to their own page.
pub fn letter() -> Letter {
    Letter {
        subject: "Uw eigen pagina over uw zorgplan".to_owned(),
        sender: ["Huisartsenpraktijk De Linde", "Lindelaan 12, 6821 AB Arnhem", "026 123 45 67"].map(str::to_owned).to_vec(),
        address: ["Mevrouw S. Jansen-de Boer", "Kerkstraat 8", "6821 CD  Arnhem"].map(str::to_owned).to_vec(),
        date: "22 november 2026".to_owned(),
        reference: vec![fact("Uw contactpersoon", "Ans de Wit, wijkverpleegkundige"), fact("Telefoon", "026 123 45 67")],
        greeting: "Beste mevrouw Jansen,".to_owned(),
        parts: vec![
            Part::text("U heeft met ons gepraat over de zorg die bij u past. Wat wij samen hebben afgesproken, kunt u nu zelf lezen op uw eigen pagina. U ziet daar ook wie in uw plan heeft gekeken."),
            Part::heading("Zo komt u op uw pagina"),
            Part::Steps { steps: [
                "Ga op uw computer, tablet of telefoon naar https://zorgplan.example.nl/welkom. Of scan de code hieronder met uw telefoon.",
                "Typ de code over die hieronder staat, en uw geboortedatum.",
                "Kies een wachtwoord. Wij helpen u daarna stap voor stap.",
            ].map(str::to_owned).to_vec() },
            Part::Code { label: "Uw code".to_owned(), code: "K7QM 4XTR 9B".to_owned(), note: "U kunt de code één keer gebruiken, tot en met 6 december 2026. Bewaar deze brief tot u binnen bent en geef de code aan niemand anders.".to_owned(), qr: Some(qr("QR-code met het adres van de pagina")) },
            Part::text("Komt u er niet uit, of wilt u liever een afdruk op papier? Bel ons gerust."),
        ],
        closing: ["Met vriendelijke groet,", "", "Ans de Wit", "wijkverpleegkundige"].map(str::to_owned).to_vec(),
        foot: Vec::new(),
        dated: DAY,
    }
}

/// Everything that is kept, with so many rows of log.
pub fn dossier(rows: usize) -> Dossier {
    let plan = form();
    let row = |n: usize| {
        [
            format!("{} november 2026, {:02}:{:02}", 1 + n % 22, n / 60 % 24, n % 60),
            "Saskia van Huissen, huisarts".to_owned(),
            "Praktijk De Linde".to_owned(),
            format!("las uw plan (regel {n})"),
            "hoort bij uw zorgteam".to_owned(),
        ]
        .to_vec()
    };
    let columns = vec![
        Column::new("Wanneer", 5),
        Column::new("Wie", 5),
        Column::new("Organisatie", 4),
        Column::new("Wat", 5),
        Column::new("Waarom dit mocht", 4),
    ];
    let version = |number: u32| {
        [
            Block::heading(format!("Versie {number}, 8 november 2025")),
            Block::text("Vastgelegd door Saskia van Huissen, huisarts, Praktijk De Linde."),
            Block::Sections { sections: plan.sections.clone() },
        ]
    };
    let chapter = |title: &str, blocks: Vec<Block>| Chapter { title: title.to_owned(), blocks };
    Dossier {
        title: "Alles wat wij over u bewaren".to_owned(),
        name: plan.name.clone(),
        facts: vec![fact("Geboren", "12 maart 1941"), fact("BSN", "999 911 120"), fact("Gemaakt op", "22 november 2026 om 14:03")],
        edition: "22 november 2026".to_owned(),
        intro: vec!["U heeft recht op een kopie van alles wat wij over u bewaren, en op de lijst van iedereen die erin keek. Dit is die kopie.".to_owned()],
        contents_title: "Wat erin staat".to_owned(),
        chapters: vec![
            chapter("Uw gegevens", vec![Block::Facts { facts: vec![fact("Naam", &plan.name), fact("Adres", "Kerkstraat 8\n6821 CD Arnhem")] }]),
            chapter("Uw plan", (1..=2).rev().flat_map(version).collect()),
            chapter("Uw zorgteam", vec![Block::People { people: plan.people.clone() }]),
            chapter("Wie keek er in uw plan?", vec![
                Block::text("Van boven naar beneden: het nieuwste eerst."),
                Block::Table { table: Table { columns, rows: (0..rows).map(row).collect() } },
            ]),
        ],
        dated: DAY,
    }
}
