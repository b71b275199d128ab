//! What was just done, in a sentence for the page that follows.

/// What was just done, told once on the page that follows; the address holds only its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A patient was registered.
    Registered,
    /// Identity was corrected.
    Corrected,
    /// The patient belongs to another practice now.
    Moved,
    /// Two records became one.
    Merged,
    /// A version was recorded.
    Recorded,
    /// A version was recorded, with limits that wait for a doctor.
    RecordedProposed,
    /// A draft was kept.
    Drafted,
    /// A draft was thrown away.
    Discarded,
    /// Proposals were decided.
    LimitsSet,
    /// A version was marked wrong.
    MarkedWrong,
    /// The care team changed.
    TeamChanged,
    /// Somebody is asked to lead.
    LeadAsked,
    /// Whoever is signed in leads now.
    LeadTaken,
    /// Whoever is signed in declined to lead.
    LeadDeclined,
    /// What the patient says about sharing was recorded.
    ConsentRecorded,
    /// Signed out.
    SignedOut,
    /// A broken glass was judged.
    Judged,
    /// Somebody else had judged it.
    JudgedBefore,
    /// What was typed was kept.
    Kept,
    /// An organisation was added.
    OrganisationAdded,
    /// Somebody works here now.
    PersonAdded,
    /// People were brought in from a list.
    PeopleImported,
    /// A role was given.
    RoleGiven,
    /// A role was ended.
    RoleEnded,
    /// Somebody does not work here any more.
    PersonLeft,
    /// A session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OthersEnded,
    /// The password is another one.
    PasswordChanged,
    /// A second factor was added.
    FactorAdded,
    /// A second factor was removed.
    FactorRemoved,
    /// A recovery was asked.
    RecoveryAsked,
    /// A recovery was refused.
    RecoveryRefused,
    /// Let in again with a code: sign in with the new password.
    Recovered,
    /// Rules about the second factor were changed.
    RulesChanged,
    /// A signal was recorded.
    Signalled,
    /// An answer, an appointment or an end was recorded.
    PathKept,
    /// A conversation was reported.
    Reported,
    /// A task was taken.
    TaskTaken,
    /// A task was passed on.
    TaskPassed,
    /// A task was put off.
    TaskPutOff,
    /// A task waits no more.
    TaskGone,
    /// An invitation was withdrawn.
    InvitationWithdrawn,
    /// Somebody's own access was ended.
    OwnAccessEnded,
    /// An own sign-in was made from a letter.
    OwnAccessMade,
    /// A plan came beside the one somebody had.
    OwnAccessAdded,
    /// The patient chose about sharing.
    ConsentChosen,
    /// A statement stands with the record.
    WordsStand,
    /// Something was asked.
    Asked,
    /// It was taken back.
    WordsTakenBack,
    /// A request was answered.
    Answered,
    /// A record was destroyed.
    Erased,
    /// A code was sent to a mail address.
    MailAsked,
    /// Changes are told by mail.
    MailOn,
    /// They are not any more.
    MailOff,
    /// A message goes again.
    SentAgain,
    /// A message was given up.
    GivenUp,
    /// A document was added.
    DocumentAdded,
    /// Something else is said of a document.
    DocumentChanged,
    /// A document counts no longer.
    DocumentEnded,
    /// A card or sheet was withdrawn.
    CardWithdrawn,
    /// Something about a handover was recorded.
    HandedOver,
    /// Where a plan went on to was recorded.
    Onward,
    /// A task that a meeting agreed on is over.
    TaskReported,
    /// A meeting was called or changed.
    MeetingKept,
    /// Patients were put on the list of a meeting.
    MeetingListed,
    /// A patient was taken off it.
    MeetingUnlisted,
    /// What a meeting said of a patient was recorded.
    MeetingSaid,
    /// Material was given.
    MaterialGiven,
    /// Own material was added.
    MaterialAdded,
    /// Own material is offered no more.
    MaterialEnded,
    /// Something that happened was recorded.
    Happened,
    /// The same, and the patient is somewhere else now.
    HappenedElsewhere,
    /// The patient died.
    DeathKept,
    /// Something was taken back.
    TakenBack,
    /// A plan was confirmed unchanged.
    Confirmed,
    /// A system is told of changes at another address.
    HookAdded,
    /// A message to try is on its way.
    HookTried,
    /// Nothing is sent to an address for now.
    HookPaused,
    /// Messages go to an address again.
    HookResumed,
    /// An address was removed.
    HookRemoved,
    /// What another source says was put in the draft.
    TakenOver,
    /// A disagreement with another source was settled.
    Weighed,
    /// A file of the practice's own system was brought in.
    ExtractDone,
    /// It was taken back.
    ExtractUndone,
    /// The list of candidates was looked at.
    ListChecked,
    /// Rules for candidates were changed.
    RulesKept,
    /// A line was claimed.
    ClaimKept,
    /// A line was withdrawn.
    ClaimWithdrawn,
    /// A contract or the list of insurers was kept.
    ContractKept,
    /// Rows to mend were removed.
    ExtractShredded,
    /// The figures were counted anew.
    Counted,
    /// They are being counted.
    Counting,
    /// What a practice does or wants was kept.
    PracticeKept,
    /// A visit to a practice was kept.
    VisitKept,
    /// Something of an organisation's own work was kept.
    NoteKept,
    /// A link opens nothing any more.
    LinkWithdrawn,
    /// Answers to a questionnaire were kept.
    AnswersKept,
    /// They were sent in.
    AnswersSent,
    /// A round of statements is closed.
    RoundClosed,
    /// A phone voted.
    Voted,
}

impl Notice {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Registered, "geregistreerd", "De patiënt is geregistreerd. U kunt nu het plan vastleggen."),
        (Self::Corrected, "verbeterd", "De gegevens zijn verbeterd."),
        (Self::Moved, "verhuisd", "De patiënt hoort nu bij de andere praktijk."),
        (Self::Merged, "samengevoegd", "De twee dossiers zijn samengevoegd tot dit dossier."),
        (Self::Recorded, "vastgelegd", "Het plan is vastgelegd. Het hele zorgteam ziet deze versie."),
        (
            Self::RecordedProposed,
            "voorgesteld",
            "Het plan is vastgelegd. De behandelgrenzen staan erin als voorstel, tot een arts ze vaststelt.",
        ),
        (Self::Drafted, "concept", "Uw concept is bewaard. Alleen uw organisatie ziet het."),
        (Self::Discarded, "weggegooid", "Het concept is weggegooid. Het vastgelegde plan is niet veranderd."),
        (Self::LimitsSet, "vastgesteld", "Uw besluit over de voorgestelde behandelgrenzen is vastgelegd."),
        (Self::MarkedWrong, "onjuist", "De versie is gemarkeerd als onjuist en telt niet meer mee."),
        (Self::TeamChanged, "zorgteam", "Het zorgteam is bijgewerkt."),
        (Self::LeadAsked, "gevraagd", "De vraag om de regie te nemen is gesteld. Tot het antwoord verandert er niets."),
        (Self::LeadTaken, "regie", "U hebt nu de regie. Het zorgteam en de patiënt zien dat."),
        (Self::LeadDeclined, "geen-regie", "Uw antwoord is bewaard. De regie is niet veranderd."),
        (Self::ConsentRecorded, "toestemming", "Wat de patiënt zegt over delen is vastgelegd en geldt vanaf nu."),
        (Self::SignedOut, "uitgelogd", "U bent uitgelogd."),
        (Self::Judged, "beoordeeld", "Uw oordeel is vastgelegd. De patiënt kan het lezen."),
        (Self::JudgedBefore, "al-beoordeeld", "Iemand anders had dit al beoordeeld. Dat oordeel blijft staan."),
        (Self::Kept, "bewaard", "De wijziging is bewaard en staat in het logboek."),
        (Self::OrganisationAdded, "organisatie", "De organisatie is toegevoegd. Kies hieronder haar beleid."),
        (Self::PersonAdded, "medewerker", "Deze persoon werkt hier nu met Tijdig."),
        (Self::PeopleImported, "ingelezen", "De lijst is ingelezen. Wie nieuw is, krijgt eerst een inlogcode."),
        (Self::RoleGiven, "rol", "De rol is gegeven."),
        (Self::RoleEnded, "rol-einde", "De rol is beëindigd. Wie ermee was ingelogd, is uitgelogd."),
        (
            Self::PersonLeft,
            "vertrokken",
            "Deze persoon heeft hier geen toegang meer. Wat hij of zij heeft vastgelegd, blijft op naam staan; concepten blijven bij de organisatie.",
        ),
        (Self::SessionEnded, "sessie-beeindigd", "Dat apparaat is uitgelogd."),
        (Self::OthersEnded, "andere-uitgelogd", "Alle andere apparaten zijn uitgelogd."),
        (Self::PasswordChanged, "wachtwoord-gewijzigd", "Uw wachtwoord is gewijzigd. Andere apparaten zijn uitgelogd."),
        (Self::FactorAdded, "stap-toegevoegd", "Dit is toegevoegd. U gebruikt het bij het inloggen."),
        (Self::FactorRemoved, "stap-verwijderd", "Dit is verwijderd. U kunt er niet meer mee inloggen."),
        (
            Self::RecoveryAsked,
            "herstel-gevraagd",
            "Uw aanvraag staat klaar. Iemand anders keurt hem goed of wijst hem af.",
        ),
        (Self::RecoveryRefused, "herstel-afgewezen", "De aanvraag is afgewezen. Er is niets veranderd."),
        (Self::Recovered, "hersteld", "Uw nieuwe wachtwoord is ingesteld. Log er nu mee in."),
        (Self::Signalled, "gesignaleerd", "Het signaal is vastgelegd en staat bij wie het oppakt."),
        (Self::PathKept, "verloop", "Het is vastgelegd. De taken zijn bijgewerkt."),
        (Self::Reported, "verslag", "Het verslag is vastgelegd. Leg in het plan vast wat er is afgesproken."),
        (Self::TaskTaken, "opgepakt", "U hebt dit opgepakt. Het staat nu bij uw eigen werk."),
        (Self::TaskPassed, "doorgegeven", "De taak is doorgegeven, met uw bericht."),
        (Self::TaskPutOff, "uitgesteld", "De taak is uitgesteld en komt op die dag terug."),
        (Self::TaskGone, "niet-meer", "Deze taak wacht niet meer: iemand heeft dit al gedaan."),
        (Self::RulesChanged, "regels-bewaard", "Bewaard. Het geldt vanaf de volgende keer dat iemand inlogt."),
        (
            Self::InvitationWithdrawn,
            "uitnodiging-ingetrokken",
            "De uitnodiging is ingetrokken. De code werkt niet meer.",
        ),
        (Self::OwnAccessEnded, "toegang-beeindigd", "De toegang is beëindigd. De persoon is meteen uitgelogd."),
        (Self::OwnAccessMade, "inlog-gemaakt", "Uw inlog is gemaakt. Log nu in met uw gebruikersnaam en wachtwoord."),
        (Self::OwnAccessAdded, "plan-erbij", "Dit plan is toegevoegd aan uw inlog."),
        (Self::ConsentChosen, "gekozen", "Uw keuze is bewaard en geldt vanaf nu."),
        (Self::WordsStand, "staat-erbij", "Uw tekst staat bij het plan. Zorgverleners kunnen hem lezen."),
        (Self::Asked, "verzoek-verstuurd", "Uw vraag is verstuurd. Het antwoord komt op deze pagina te staan."),
        (Self::WordsTakenBack, "teruggenomen", "U heeft dit teruggenomen."),
        (Self::MailAsked, "mail-code", "Er gaat een code naar dit adres. Vul hem hieronder in."),
        (Self::MailOn, "mail-aan", "Het adres is bevestigd. U krijgt voortaan een mail als er iets verandert."),
        (Self::MailOff, "mail-uit", "U krijgt geen mail meer. Bij Mijn werk ziet u nog steeds wat er verandert."),
        (Self::SentAgain, "opnieuw-verstuurd", "Het bericht gaat opnieuw weg."),
        (Self::GivenUp, "bericht-opgegeven", "Het bericht is opgegeven. Dat staat in het logboek."),
        (Self::Erased, "vernietigd", "Het dossier is vernietigd. Wat blijft, is het bewijs dat het is gebeurd."),
        (Self::DocumentAdded, "document-erbij", "Het document is toegevoegd en versleuteld bewaard."),
        (Self::DocumentChanged, "document-bijgewerkt", "Bewaard. Wat er eerst over stond, blijft te lezen."),
        (Self::Happened, "gebeurd", "Het is vastgelegd. Het plan en de taken houden er rekening mee."),
        (
            Self::HappenedElsewhere,
            "andere-plek",
            "Het is vastgelegd. De verblijfplaats is aangepast; kijk bij Zorgteam of de juiste mensen erbij horen en wie de regie heeft.",
        ),
        (
            Self::DeathKept,
            "overleden",
            "Het overlijden is vastgelegd. De taken en concepten zijn vervallen; het plan blijft te lezen.",
        ),
        (Self::TakenBack, "niet-zo", "Vastgelegd dat dit niet klopt. Het telt niet meer mee en blijft te lezen."),
        (
            Self::Confirmed,
            "bevestigd",
            "Het plan is ongewijzigd bevestigd, als nieuwe versie. De termijn begint opnieuw.",
        ),
        (Self::Onward, "verder", "Vastgelegd, met uw naam en de dag erbij."),
        (Self::TaskReported, "afgemeld", "De taak is afgemeld. Wat u schreef, staat bij de patiënt."),
        (Self::MeetingKept, "overleg", "Het overleg is bewaard."),
        (Self::MeetingListed, "op-de-lijst", "De lijst is bijgewerkt."),
        (Self::MeetingUnlisted, "van-de-lijst", "De patiënt staat niet meer op de lijst."),
        (Self::MeetingSaid, "besproken", "Het is vastgelegd. Taken staan bij wie ze doet, en bij de patiënt."),
        (Self::MaterialGiven, "materiaal", "Vastgelegd. De patiënt vindt het ook op de eigen pagina."),
        (Self::MaterialAdded, "materiaal-erbij", "Uw mensen vinden dit nu in de toolkit."),
        (Self::MaterialEnded, "materiaal-weg", "Dit staat niet meer in de toolkit. Wie het kreeg, houdt het."),
        (Self::HandedOver, "overdracht", "Vastgelegd. Hieronder staat wat er nu is overgedragen."),
        (Self::CardWithdrawn, "kaart-ingetrokken", "Ingetrokken. Wie de code scant, ziet dat hij niet meer geldt."),
        (Self::DocumentEnded, "document-vervalt", "Vastgelegd. Het document telt niet meer en blijft bewaard."),
        (Self::Answered, "beantwoord", "Uw antwoord is bewaard. De patiënt leest het op de eigen pagina."),
        (Self::HookAdded, "adres-toegevoegd", "Het adres is toegevoegd."),
        (
            Self::HookTried,
            "proef",
            "Het proefbericht gaat nu weg. Laad deze pagina over een halve minuut opnieuw om te zien of het aankwam.",
        ),
        (
            Self::HookPaused,
            "adres-stil",
            "Naar dit adres gaan geen berichten meer. Wat intussen verandert, wordt niet nagestuurd.",
        ),
        (Self::HookResumed, "adres-aan", "Naar dit adres gaan weer berichten."),
        (Self::ClaimKept, "declaratie", "De declaratie is vastgelegd, met waar zij op berust."),
        (Self::ClaimWithdrawn, "declaratie-terug", "De declaratie is teruggetrokken. Wat er stond, blijft te lezen."),
        (Self::ContractKept, "contract", "Bewaard. Wat er eerst stond, blijft te lezen."),
        (Self::ExtractDone, "extract-ingelezen", "Het extract is ingelezen. De kandidaten zijn bijgewerkt."),
        (
            Self::ListChecked,
            "lijst-nagekeken",
            "Vastgelegd dat de lijst is nagekeken. Over een half jaar komt hij terug.",
        ),
        (Self::RulesKept, "regels", "De regels zijn bewaard. De lijst met kandidaten is bijgewerkt."),
        (
            Self::ExtractUndone,
            "extract-teruggedraaid",
            "Het extract is teruggedraaid. Wat alleen daarin stond, is weg.",
        ),
        (
            Self::ExtractShredded,
            "extract-weg",
            "De rijen om te herstellen zijn verwijderd, met de sleutel waaronder zij bewaard waren.",
        ),
        (Self::HookRemoved, "adres-weg", "Het adres is weggehaald."),
        (
            Self::TakenOver,
            "overgenomen",
            "Overgenomen in het concept, met waar het vandaan komt. Het telt pas als u het plan vastlegt; een arts stelt behandelgrenzen vast.",
        ),
        (Self::Weighed, "bekeken", "Vastgelegd: het plan hier blijft gelden. De taak is gesloten."),
        (Self::PracticeKept, "praktijk", "Vastgelegd, met uw naam en de dag erbij."),
        (Self::VisitKept, "bezoek", "Het bezoek is bewaard. De praktijk kan het lezen."),
        (Self::NoteKept, "genoteerd", "Vastgelegd."),
        (Self::LinkWithdrawn, "link-ingetrokken", "De link is ingetrokken en opent niets meer."),
        (Self::AnswersKept, "antwoorden", "Bewaard. Met dezelfde link kunt u later verdergaan."),
        (
            Self::AnswersSent,
            "ingestuurd",
            "Ingestuurd, dank u wel. Zolang de link open is, kunt u uw antwoorden nog aanpassen.",
        ),
        (Self::RoundClosed, "ronde-dicht", "De ronde is gesloten. Hieronder staat de uitslag."),
        (Self::Voted, "gestemd", "Uw antwoorden zijn geteld. U kunt deze pagina sluiten."),
        (Self::Counted, "geteld", "De cijfers zijn bijgeteld."),
        (Self::Counting, "telt", "Het tellen is bezig en gaat vanzelf door. Kijk over een paar minuten opnieuw."),
    ];

    /// Code in the address.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|n| n.0 == self).map_or("", |n| n.1)
    }

    /// The notice with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|n| n.1 == code).map(|n| n.0)
    }

    /// What it tells.
    pub fn sentence(&self) -> &'static str {
        Self::ALL.iter().find(|n| n.0 == *self).map_or("", |n| n.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_notice_has_a_code_that_is_its_own() {
        for (notice, code, sentence) in Notice::ALL.iter().copied() {
            assert_eq!(Notice::of_code(code), Some(notice));
            assert_eq!(notice.code(), code);
            assert_eq!(notice.sentence(), sentence);
        }
        assert_eq!(Notice::of_code("<script>"), None);
    }
}
