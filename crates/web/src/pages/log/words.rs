//! What the codes of the log say: for professionals, and for the patient in plain Dutch (B1).

use fhir::r4::audit::Kind;

/// What one code stands for.
struct Said {
    /// Code in the log.
    code: &'static str,
    /// For professionals.
    doing: &'static str,
    /// For the patient: what somebody did ('las uw plan').
    did: &'static str,
    /// For the patient: what somebody wanted to do ('uw plan lezen').
    wanted: &'static str,
    /// What kind of thing it is, in exchange.
    kind: Kind,
}

macro_rules! said {
    ($($code:literal $kind:ident $doing:literal $did:literal $wanted:literal;)+) => {
        const ALL: &[Said] =
            &[$(Said { code: $code, doing: $doing, did: $did, wanted: $wanted, kind: Kind::$kind },)+];
    };
}

said! {
    "read-patient" Read "gegevens van de patiënt zien" "zag uw gegevens" "uw gegevens zien";
    "read-plan" Read "plan lezen" "las uw plan" "uw plan lezen";
    "read-emergency" Read "spoedoverzicht zien" "zag uw afspraken voor spoed" "uw afspraken voor spoed zien";
    "read-log" Read "logboek bekijken" "keek wie uw plan hebben gezien" "kijken wie uw plan hebben gezien";
    "register-patient" Create "patiënt registreren" "schreef u in" "u inschrijven";
    "correct-patient" Update "gegevens van de patiënt verbeteren" "verbeterde uw gegevens" "uw gegevens verbeteren";
    "record-plan" Update "plan vastleggen" "schreef in uw plan" "in uw plan schrijven";
    "confirm-plan" Update "plan ongewijzigd bevestigen" "besprak uw plan en bevestigde dat het nog klopt" "bevestigen dat uw plan nog klopt";
    "set-limits" Update "behandelgrenzen vaststellen" "stelde als arts uw afspraken over behandelingen vast" "uw afspraken over behandelingen vaststellen";
    "deliver-plan" Update "plan aanleveren" "stuurde een plan over u in" "een plan over u insturen";
    "export-record" Export "kopie van het dossier maken" "maakte een kopie van uw dossier" "een kopie van uw dossier maken";
    "erase-patient" Delete "dossier vernietigen" "vernietigde uw dossier" "uw dossier vernietigen";
    "manage-team" Update "zorgteam wijzigen" "veranderde wie er in uw zorgteam zit" "veranderen wie er in uw zorgteam zit";
    "record-consent" Update "toestemming vastleggen" "schreef op met wie wij uw plan mogen delen" "opschrijven met wie wij uw plan mogen delen";
    "invite" Update "uitnodigen" "nodigde iemand uit voor uw eigen pagina" "iemand uitnodigen voor uw eigen pagina";
    "redeem" SignIn "uitnodiging gebruiken" "gebruikte een uitnodiging voor uw eigen pagina" "een uitnodiging voor uw eigen pagina gebruiken";
    "own-words" Update "eigen woorden toevoegen" "schreef er eigen woorden bij" "er eigen woorden bij schrijven";
    "answer-request" Update "verzoek beantwoorden" "beantwoordde een vraag van u" "een vraag van u beantwoorden";
    "break-glass" Read "noodknop gebruiken" "gebruikte de noodknop om uw afspraken te zien" "met de noodknop uw afspraken zien";
    "break-glass-refused" Read "noodknop gebruiken na bezwaar" "gebruikte de noodknop, hoewel u bezwaar had gemaakt" "met de noodknop uw afspraken zien";
    "judge-glass" Update "gebruik van de noodknop beoordelen" "beoordeelde of de noodknop terecht was gebruikt" "het gebruik van de noodknop beoordelen";
    "signal" Update "signaal vastleggen" "schreef op dat het tijd kan zijn voor een gesprek met u" "opschrijven dat het tijd kan zijn voor een gesprek met u";
    "follow-up" Update "signaal of taak opvolgen" "schreef op wat er met u is afgesproken over een gesprek" "opschrijven wat er met u is afgesproken over een gesprek";
    "converse" Update "gesprek of ondersteuning vastleggen" "schreef iets op over een gesprek met u" "iets opschrijven over een gesprek met u";
    "acknowledge" Update "ontvangst van een overdracht bevestigen" "bevestigde dat de overdracht van uw plan is ontvangen" "bevestigen dat de overdracht van uw plan is ontvangen";
    "withdraw-card" Update "kaart of afdruk intrekken" "trok een kaart of afdruk van uw plan in" "een kaart of afdruk van uw plan intrekken";
    "ask-elsewhere" Search "plan elders opvragen" "vroeg elders naar een plan van u" "elders naar een plan van u vragen";
    "print" Export "afdrukken" "maakte een afdruk van uw plan" "een afdruk van uw plan maken";
    "sign-in" SignIn "inloggen" "logde in" "inloggen";
    "sign-out" SignOut "uitloggen" "logde uit" "uitloggen";
    "choose-role" SignIn "rol kiezen" "koos een rol" "een rol kiezen";
    "token" SignIn "toegang voor een systeem" "liet een systeem toe" "een systeem toelaten";
    "search" Search "zoeken" "zocht een patiënt" "een patiënt zoeken";
    "launch" Search "patiënt openen vanuit een ander systeem" "opende uw dossier vanuit een ander systeem" "uw dossier openen vanuit een ander systeem";
    "self-test" Settings "koppeling testen" "" "";
    "administer" Settings "beheer openen" "opende het beheer" "het beheer openen";
    "add-person" Settings "medewerker toevoegen" "" "";
    "change-person" Settings "medewerker wijzigen" "" "";
    "set-password" Settings "wachtwoord instellen" "" "";
    "grant-role" Settings "rol geven" "" "";
    "end-role" Settings "rol beëindigen" "" "";
    "leave" Settings "vertrek van een medewerker" "" "";
    "import-people" Settings "medewerkers inlezen" "" "";
    "add-organisation" Settings "organisatie toevoegen" "" "";
    "change-organisation" Settings "organisatie of beleid wijzigen" "" "";
    "add-client" Settings "koppeling toevoegen" "" "";
    "outbox" Settings "uitgaande berichten bekijken of opnieuw sturen" "" "";
    "hook" Settings "melden van wijzigingen aan een systeem" "vroeg bericht als uw plan verandert" "bericht vragen als uw plan verandert";
    "notify" Export "melden dat het plan veranderde" "kreeg bericht dat uw plan is veranderd" "bericht krijgen dat uw plan is veranderd";
    "mail-address" Settings "mailadres instellen" "" "";
    "material" Settings "materiaal van de toolkit wijzigen of controleren" "" "";
    "meeting" Update "overleg vastleggen" "" "";
    "note" Update "inventarisatie of invoering bijwerken" "" "";
    "extract" Settings "extract uit het HIS of lijst met kandidaten" "" "";
    "contract" Settings "contract of verzekeraar wijzigen" "" "";
    "change-client" Settings "koppeling wijzigen" "" "";
    "try-source" Settings "bron met plannen elders proberen" "" "";
}

fn of(code: &str) -> Option<&'static Said> {
    ALL.iter().find(|s| s.code == code)
}

/// For professionals; a code that is not known stands as it is.
pub fn doing<'a>(code: &'a str, data: &str) -> &'a str {
    match (code, data) {
        ("record-plan", "draft") => "concept bewaren",
        (_, "happening") => "verloop vastleggen",
        // What was refused before anything was asked of a patient stands there by its address.
        (path, _) if path.starts_with("GET ") || path.starts_with("HEAD ") => "een pagina of dienst openen",
        (path, _) if path.contains(" /") => "iets versturen",
        ("form field", _) => "een formulier over een andere patiënt versturen",
        ("naar", _) => "na het inloggen naar een ander adres gaan",
        ("read-log", data) if data.contains("export") => "kopie van het logboek maken",
        _ => of(code).map_or(code, |s| s.doing),
    }
}

/// For the patient: what somebody did.
pub fn did(code: &str, data: &str) -> &'static str {
    match (code, data) {
        ("read-patient", "caseload" | "search" | "my-work" | "meeting" | "candidates" | "figures") => {
            "zag uw naam in een lijst"
        }
        ("follow-up", data) if data.starts_with("meeting") => "veranderde of u op de lijst van een overleg staat",
        ("converse", "meeting") => "schreef op wat er in een overleg over uw zorg is besloten",
        ("print", "meeting") => "maakte een afdruk van een overleg over uw zorg",
        (_, "meeting") => "zag u op de lijst van een overleg over uw zorg",
        ("follow-up", "claim") => "legde een declaratie vast voor een gesprek met u",
        (_, "claim") => "keek naar de declaratie van een gesprek met u",
        (_, "figure") => "keek waarvoor u meetelt in een cijfer van de praktijk",
        (_, "candidate") => "keek of het tijd kan zijn voor een gesprek met u",
        (_, "unread") => "zag wat er in uw plan veranderde",
        (_, "readers") => "keek wie uw plan las",
        (_, "team") => "keek wie er in uw zorgteam zit",
        (_, "draft") => "werkte aan een nieuwe versie van uw plan",
        (action, "sharing") if action != "record-consent" => "keek met wie wij uw plan mogen delen",
        (_, "cards") => "keek welke noodkaarten er van u zijn",
        ("print", data) if data.starts_with("card: ") => "maakte een noodkaart voor u",
        ("notify", data) if data.starts_with("handover") => "kreeg bericht dat uw plan is overgedragen",
        ("print", "handover") => "maakte een overdracht van uw plan",
        (_, "handover") => "keek naar de overdrachten van uw plan",
        ("print", "letter") => "maakte een brief over uw plan",
        ("print", "invitation to talk") => "maakte een brief om u uit te nodigen voor een gesprek",
        (_, "own access" | "invitations") => "keek wie er een inlog heeft voor uw plan",
        ("invite", data) if data.starts_with("own access: ends") => "beëindigde iemands inlog voor uw plan",
        ("invite", data) if data.ends_with("withdrawn") => "trok een uitnodiging voor uw eigen pagina in",
        (_, "own words") => "las wat u over uw dossier schreef",
        (_, "happening") => "schreef op wat er met u gebeurde",
        ("record-plan", "document") => "schreef iets op over een document van u",
        ("record-plan", data) if data.ends_with(", document") => "schreef iets op over een document van u",
        (_, "documents") => "keek welke documenten er van u zijn",
        (_, data) if data.starts_with("file ") => "opende een document van u",
        ("read-log", data) if data.contains("export") => "maakte een kopie van de lijst van wie er keek",
        _ => of(code).map(|s| s.did).filter(|d| !d.is_empty()).unwrap_or("deed iets in uw dossier"),
    }
}

/// For the patient: what somebody wanted to do, and might not.
pub fn wanted(code: &str) -> &'static str {
    of(code).map(|s| s.wanted).filter(|w| !w.is_empty()).unwrap_or("iets in uw dossier doen")
}

/// On what ground somebody looked, for the patient.
pub fn ground(code: &str) -> &'static str {
    match code {
        "team" => "hoort bij uw zorgteam",
        "delivered" => "gaf ons gegevens over u",
        "consent" | "consent-kind" | "consent-organisation" => "mag dit, omdat u toestemming gaf",
        "registration" => "schreef u in",
        "break-glass" => "had geen toestemming, maar het was spoed",
        "own" => "bent u zelf",
        "representative" => "spreekt namens u",
        "relative" => "mag dit, omdat u dat goed vindt",
        "oversight" => "let op of er met recht wordt gekeken",
        _ => "",
    }
}

/// What kind of thing it is, in exchange.
pub fn kind(code: &str, data: &str) -> Kind {
    if code == "read-log" && data.contains("export") {
        return Kind::Export;
    }
    of(code).map_or(Kind::Read, |s| s.kind)
}

/// Code of a ground in v3-ActReason.
pub fn reason(basis: &str) -> Option<&'static str> {
    match basis {
        "team" | "delivered" | "consent" | "consent-kind" | "consent-organisation" | "registration" => Some("TREAT"),
        "break-glass" => Some("BTG"),
        "own" | "representative" | "relative" => Some("PATRQT"),
        "oversight" | "administration" => Some("HOPERAT"),
        _ => None,
    }
}

/// With which data, for professionals.
pub fn data(code: &str) -> String {
    let known = match code {
        "plan" | "my-work" => "plan",
        "patient" | "identity" => "gegevens",
        "caseload" => "lijst van patiënten",
        "search" => "zoeken",
        "team" => "zorgteam",
        "lead" => "regie",
        "sharing" => "toestemming",
        "draft" => "concept",
        "path" => "verloop en signalen",
        "task" => "taak",
        "invitation to talk" => "uitnodiging voor een gesprek",
        "meeting" => "overleg",
        "meeting, off the list" => "overleg, van de lijst",
        "subscription" => "FHIR-abonnement",
        "document" => "document",
        "documents" => "documenten",
        "candidate" | "candidates" => "lijst met kandidaten",
        "figure" | "figures" => "lijst achter een cijfer",
        "claim" => "declaratie",
        "network: party" => "inventarisatie, een organisatie",
        "network: answers" | "network: answers by link" => "inventarisatie, antwoorden",
        "network: aim" => "inventarisatie, wat de regio wil",
        "network: action" => "inventarisatie, een actie",
        "network: group" => "inventarisatie, werkgroep",
        "network: link issued" => "inventarisatie, link gemaakt",
        "network: link withdrawn" => "inventarisatie, link ingetrokken",
        "implementation: backing" => "invoering, kartrekkers",
        "implementation: training" => "invoering, scholing",
        "implementation: agreement" => "invoering, een afspraak",
        "implementation: statements" => "invoering, eigen stellingen",
        "implementation: round begun" => "stellingen, ronde begonnen",
        "implementation: round closed" => "stellingen, ronde gesloten",
        "implementation: vote" => "stellingen, een antwoord",
        "cards" => "noodkaarten",
        "letter" => "brief over het plan",
        "handover" => "overdracht",
        "versions" => "versies",
        "unread" => "wat er veranderde",
        "readers" => "wie het plan las",
        "earlier identities" => "eerdere gegevens",
        "log" => "logboek",
        "log export csv" => "logboek, als CSV",
        "log export fhir" => "logboek, als FHIR AuditEvent",
        "session" => "sessie",
        "password" => "wachtwoord",
        "bsn" => "op BSN",
        "elsewhere" => "plannen elders",
        "emergency: card" => "bij spoed, op kaart",
        "name-and-birth-date" => "op naam en geboortedatum",
        "name-in-caseload" => "op naam, onder eigen patiënten",
        _ => "",
    };
    if let Some(source) = code.strip_prefix("elsewhere: ") {
        return format!("bij {source}");
    }
    if let Some((kind, number)) = code.split_once(": version ") {
        return format!("{}, versie {number}", if kind == "card" { "noodkaart" } else { "blad" });
    }
    if code.starts_with("file ") {
        return "document".to_owned();
    }
    match code.strip_prefix("version ") {
        Some(number) => format!("versie {}", number.replace(", marks ", ", markeert ")),
        None if known.is_empty() => code.to_owned(),
        None => known.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::Action;

    #[test]
    fn every_action_with_a_patient_is_told_in_plain_words() {
        let actions = [
            Action::ReadPatient,
            Action::ReadPlan,
            Action::Print,
            Action::ReadEmergency,
            Action::ReadLog,
            Action::RegisterPatient,
            Action::CorrectPatient,
            Action::RecordPlan,
            Action::ConfirmPlan,
            Action::SetLimits,
            Action::DeliverPlan,
            Action::ExportRecord,
            Action::ErasePatient,
            Action::ManageTeam,
            Action::RecordConsent,
            Action::Invite,
            Action::OwnWords,
            Action::AnswerRequest,
            Action::BreakGlass,
            Action::BreakGlassRefused,
            Action::JudgeGlass,
            Action::Signal,
            Action::FollowUp,
            Action::Converse,
            Action::Acknowledge,
            Action::WithdrawCard,
        ];
        for action in actions {
            let said = of(action.code()).unwrap_or_else(|| panic!("{} has words", action.code()));
            assert!(!said.did.is_empty() && !said.wanted.is_empty(), "{}", action.code());
        }
        assert_eq!(did("read-plan", "Consent"), "las uw plan");
        // One who only looks did not change anything.
        assert_eq!(did("read-plan", "sharing"), "keek met wie wij uw plan mogen delen");
        assert_eq!(did("record-consent", "sharing"), "schreef op met wie wij uw plan mogen delen");
        assert_eq!(did("invite", "invitations"), "keek wie er een inlog heeft voor uw plan");
        assert_eq!(did("invite", "invitation: patient"), "nodigde iemand uit voor uw eigen pagina");
        assert_eq!(
            (doing("something-new", ""), did("something-new", "")),
            ("something-new", "deed iets in uw dossier")
        );
    }
}
