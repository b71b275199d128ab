//! A guide for the conversation (G1, G3): what to be sure of first, then life, by domain, then treatment. The words are
//! our own: short questions as one would ask them. It lies beside the form and asks nothing of it.

/// A part of the guide: a domain, or a subject of treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Its name.
    pub title: &'static str,
    /// Questions as one would ask them.
    pub questions: &'static [&'static str],
}

/// What the patient and theirs know before choices can be made (G3).
pub const FIRST: [&str; 4] = [
    "Hoe het nu gaat met de gezondheid, in eigen woorden.",
    "Welke ziekte er is, en wat er kan gaan gebeuren.",
    "Welke zorg er kan zijn, ook thuis, en waar die ophoudt.",
    "Wie er allemaal bij de zorg horen, en wie waarvoor te bellen is.",
];

/// What helps in every conversation.
pub const STYLE: [&str; 4] = [
    "Vraag eerst wat iemand wil weten, en wat liever niet.",
    "Laat stiltes vallen; vat samen; vraag door op wat het meeste raakt.",
    "Oordeel niet, en kijk of uw eigen overtuiging meepraat.",
    "Stop op tijd: wat blijft liggen, komt in een volgend gesprek.",
];

/// The first part: life (G1).
pub const LIFE: [Subject; 5] = [
    Subject {
        title: "Lichamelijk",
        questions: &[
            "Waar hebt u het meeste last van?",
            "Wat wilt u zo lang mogelijk zelf blijven doen?",
            "Wat zou u te zwaar vinden?",
        ],
    },
    Subject {
        title: "Psychologisch",
        questions: &[
            "Waar maakt u zich zorgen over, ook ’s nachts?",
            "Wat geeft u rust of plezier?",
            "Hoe gaat u om met slecht nieuws: alles weten, of liever stap voor stap?",
        ],
    },
    Subject {
        title: "Sociaal",
        questions: &[
            "Wie zijn belangrijk voor u, en wie beslist mee als u het zelf niet kunt?",
            "Hoe gaat het met wie voor u zorgt?",
            "Wat moet er nog geregeld worden: huis, geld, dieren, papieren?",
        ],
    },
    Subject {
        title: "Zorgverlening",
        questions: &[
            "Waar wilt u het liefst zijn als u meer zorg nodig hebt?",
            "Welke hulp is welkom, en welke niet?",
            "Wat moeten zorgverleners van u weten?",
        ],
    },
    Subject {
        title: "Spiritueel en zingeving",
        questions: &[
            "Wat maakt een dag de moeite waard?",
            "Waar put u kracht uit: geloof, natuur, muziek, mensen?",
            "Is er iets dat u nog wilt doen, zeggen of afronden?",
        ],
    },
];

/// The second part: treatment and its limits (G1). Each stands in the form under the same number.
pub const TREATMENT: [Subject; 4] = [
    Subject {
        title: "Doel van behandelen (3)",
        questions: &[
            "Wat moet behandelen u opleveren?",
            "Wanneer zegt u: tot hier en niet verder?",
            "Past wat we nu doen daar nog bij?",
        ],
    },
    Subject {
        title: "Behandelgrenzen (4)",
        questions: &[
            "Wat weet u van reanimeren, en wat zou u willen?",
            "Ziekenhuis, intensive care, beademing: wel, niet, of onder voorwaarden?",
            "Antibiotica en bloed: wat als ze het leven rekken maar niet beter maken?",
            "Waarom kiest u dit? (in de woorden van de patiënt)",
        ],
    },
    Subject {
        title: "Wensen en documenten (5 en 7)",
        questions: &[
            "Hebt u al iets op papier gezet, en weet uw arts daarvan?",
            "Hoe denkt u over euthanasie, palliatieve sedatie en donatie? (alleen als de patiënt hierover wil praten)",
        ],
    },
    Subject {
        title: "Afronden (8)",
        questions: &[
            "Klopt het als ik het zo samenvat?",
            "Wie mag dit weten, en vertelt u het zelf aan uw familie?",
            "Wat bespreken we een volgende keer, en wanneer?",
        ],
    },
];
