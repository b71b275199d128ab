//! The material that the process documents name: title, publisher, address. Nothing of what it says.

use super::Audience::{Coordinator, Patient, Professional, Relative};
use super::Language::{Arabic, Chinese, Dutch, Papiamentu, Turkish};
use super::Source::{Dementia, Practice, Rotterdam, Standard, Vvt};
use super::{Audience, Listed, Topic};

const VELUWE: Option<&str> = Some("Oost-Veluwe en Zutphen");
const NETWORK: &str = "Netwerken Palliatieve Zorg Oost-Veluwe en Zutphen";
const PALLIAWEB: &str = "Palliaweb";

/// For whom, for short.
const PATIENT: &[Audience] = &[Patient];
const BOTH: &[Audience] = &[Patient, Relative];
const CARE: &[Audience] = &[Professional];
const WORK: &[Audience] = &[Professional, Coordinator];
const EVERYBODY: &[Audience] = &[Patient, Relative, Professional];
const LEADS: &[Audience] = &[Coordinator];

macro_rules! library {
    ($($key:literal $title:literal, $publisher:expr, $address:expr, $audience:ident, $topic:ident, $languages:expr, $region:expr, $source:ident;)+) => {
        /// What the process documents name, in the order in which they are shown.
        pub const LIBRARY: &[Listed] = &[$(Listed {
            key: $key,
            title: $title,
            publisher: $publisher,
            address: $address,
            audience: $audience,
            topic: Topic::$topic,
            languages: $languages,
            region: $region,
            source: $source,
        },)+];
    };
}

const NL: &[super::Language] = &[Dutch];

library! {
    "thuisarts-levenseinde" "Keuzewijzer en informatie over het levenseinde", "Thuisarts.nl", Some("https://www.thuisarts.nl/levenseinde"), BOTH, Prepare, NL, None, Vvt;
    "thuisarts-keuzehulp" "Keuzehulp: verken uw wensen voor zorg en behandeling", "Thuisarts.nl", Some("https://www.thuisarts.nl/keuzehulpen/verken-uw-wensen-voor-zorg-en-behandeling"), PATIENT, Prepare, NL, None, Practice;
    "notitieboekje" "Notitieboekje ‘Wat ik wil (zeggen)’", NETWORK, Some("https://palliaweb.nl/getmedia/f4c8de9c-a942-4744-b5bd-291ba681bfb1/Notitieboekje.pdf"), PATIENT, Prepare, NL, VELUWE, Vvt;
    "folder-veluwe" "Folder proactieve zorgplanning", NETWORK, Some("https://palliaweb.nl/getmedia/d26e926e-dc22-4fb9-9284-6a49db0c9845/Folder_proactieve-zorgplanning.pdf"), BOTH, Prepare, NL, VELUWE, Vvt;
    "folder-zio" "Regionale folder ACP", "ZIO", Some("https://zorginontwikkeling.sharepoint.com/:b:/s/PlusPraktijk2.0/EZ1gJ83io6FIgbNoupMdQ4EBijJGpI9ltZwoIdbaGEEG4Q?e=s19Wr8"), BOTH, Prepare, NL, Some("Maastricht-Heuvelland"), Practice;
    "praat-vandaag" "Praat vandaag over morgen", "praatvandaagovermorgen.nl", Some("https://praatvandaagovermorgen.nl"), BOTH, Prepare, NL, None, Vvt;
    "praat-op-tijd" "Praat op tijd over je levenseinde", "Patiëntenfederatie Nederland", Some("https://www.patientenfederatie.nl/extra/levenseinde"), BOTH, Prepare, NL, None, Standard;
    "patientenfederatie" "Palliatieve zorg en levenseinde", "Patiëntenfederatie Nederland", Some("https://www.patientenfederatie.nl/onderwerpen/palliatieve-zorg-en-levenseinde/palliatieve-zorg-en-levenseinde-2"), BOTH, Palliative, NL, None, Vvt;
    "laatste-levensfase" "Praten over de laatste levensfase", "Over palliatieve zorg", Some("https://overpalliatievezorg.nl/zorg-en-hulp/praten-over-de-laatste-levensfase"), BOTH, Prepare, NL, None, Standard;
    "nfk-gesprekskaart" "Gesprekskaart", "Nederlandse Federatie van Kankerpatiëntenorganisaties", Some("https://nfk.nl/media/1/Downloads/Gesprekskaart.pdf?v=1696425951"), PATIENT, Prepare, NL, None, Standard;
    "weet-wat-u-wilt" "Weet wat u wilt", "weetuwatuwilt.nl", Some("https://www.weetuwatuwilt.nl"), BOTH, Wishes, NL, None, Vvt;
    "weet-wat-u-wilt-film" "Weet wat u wilt? (film)", "film op YouTube", Some("https://youtu.be/v2YPJPB7xoo?si=pmeofGifZZghG7sx"), BOTH, Prepare, NL, None, Rotterdam;
    "pharos-kaarten" "Informatiekaarten over palliatieve zorg", "Pharos", Some("https://www.pharos.nl/kennisbank/informatiekaarten-over-palliatieve-zorg/"), BOTH, Palliative, &[Arabic, Turkish, Chinese, Papiamentu], None, Standard;
    "drenthe" "Voorbereiding laatste levensfase", "Ziekenhuizen, huisartsen en verpleeghuizen in Drenthe", Some("https://www.voorbereidinglaatstelevensfase.nl/"), BOTH, Prepare, NL, Some("Drenthe"), Dementia;
    "wilsverklaring-veluwe" "Wilsverklaring", NETWORK, Some("https://palliaweb.nl/getmedia/5d04ed25-a95c-426c-982f-2f0b036858fe/Wilsverklaring-regio-A-Z.pdf"), PATIENT, Wishes, NL, VELUWE, Vvt;
    "euthanasieverklaring-veluwe" "Euthanasieverklaring", NETWORK, Some("https://palliaweb.nl/getmedia/90e4bc77-80eb-43c1-a148-6c7235783ec9/Euthanasieverklaring-regio-A-Z.pdf"), PATIENT, Wishes, NL, VELUWE, Vvt;
    "folder-reanimatie" "Folder reanimatie", PALLIAWEB, Some("https://palliaweb.nl/getmedia/029b4ba6-25df-421c-bd55-3bf9ce4ddecb/folder_reanimatie.pdf"), BOTH, Wishes, NL, VELUWE, Vvt;
    "behandelpaspoort" "Behandelpaspoort", "behandelpaspoort.nl", Some("https://www.behandelpaspoort.nl/"), BOTH, Wishes, NL, None, Dementia;
    "praatkaarten" "Praatkaart voor partners of naasten", "Dedicated", Some("https://dedicatedwerkwijze.nl/wp-content/uploads/2021/03/Dedicated_Praatkaarten.pdf"), BOTH, Dementia, NL, None, Vvt;
    "spreken-over-vergeten" "Spreken over vergeten", "sprekenoververgeten.nl", Some("https://www.sprekenoververgeten.nl/"), CARE, Dementia, NL, None, Dementia;
    "samen-verder" "Samen verder na de diagnose dementie", "Trimbos-instituut", None, CARE, Dementia, NL, None, Dementia;
    "edomah" "Ergotherapie bij ouderen met dementie en hun mantelzorgers", "EDOMAH", None, CARE, Dementia, NL, None, Dementia;
    "laego" "Tools van Laego", "Laego", None, CARE, Dementia, NL, None, Dementia;
    "dedicated" "Overzicht tools communicatie", "Dedicated", Some("https://dedicatedwerkwijze.nl/wp-content/uploads/2021/03/Overzicht_tools_communicatie.pdf"), CARE, Dementia, NL, None, Dementia;
    "gesprekswijzer" "Gesprekswijzer proactieve zorgplanning", "Saxion", Some("https://palliaweb.nl/getmedia/d242a12c-6379-4bcb-b434-939df81393e1/Gesprekswijzer-proactieve-zorgplanning-Saxion.pdf"), CARE, Guide, NL, None, Vvt;
    "gesprekswijzer-toolbox" "Implementatietoolbox Gesprekswijzer Proactieve Zorgplanning", PALLIAWEB, Some("https://palliaweb.nl/publicaties/implementatietoolbox-gesprekswijzer-proactieve-zor"), WORK, Dementia, NL, None, Dementia;
    "gesprekskaart" "Gesprekskaart proactieve zorgplanning", "IKNL", Some("https://palliaweb.nl/getattachment/d31b2940-8669-4f6c-b4be-06b66f9db298/Richtlijn_Proactieve_Zorgplanning_Gesprekskaart-(1).pdf"), CARE, Guide, NL, None, Practice;
    "knmg" "Handreiking Tijdig spreken over het levenseinde", "KNMG", Some("https://www.knmg.nl/actueel/dossiers/levenseinde-2/praten-over-levenseinde/praten-over-het-levenseinde"), CARE, Guide, NL, None, Practice;
    "spelregels" "Elf spelregels voor praten over het einde", "Medisch Contact", Some("https://www.medischcontact.nl/actueel/laatste-nieuws/artikel/elf-spelregels-voor-praten-over-het-einde"), CARE, Guide, NL, None, Practice;
    "ntvg" "Kwetsbare ouderen en advance care planning", "Nederlands Tijdschrift voor Geneeskunde", Some("https://www.ntvg.nl/artikelen/kwetsbare-ouderen-en-advance-care-planning"), CARE, Guide, NL, None, Practice;
    "nhg" "Toolkit ACP, thema palliatieve zorg", "Nederlands Huisartsen Genootschap", Some("https://www.nhg.org/thema/palliatieve-zorg/"), CARE, Palliative, NL, None, Practice;
    "surprise" "Surprise Question en signaleringskaarten", NETWORK, Some("https://palliaweb.nl/netwerken-oostveluwe-zutphen/hulpverleners/proactieve-zorgplanning"), CARE, Signal, NL, VELUWE, Vvt;
    "spict" "SPICT", PALLIAWEB, Some("https://palliaweb.nl/meetinstrumenten/ondersteunende-en-palliatieve-zorg-indicator-tool"), CARE, Signal, NL, None, Vvt;
    "pallialine" "Richtlijnen palliatieve zorg", PALLIAWEB, Some("https://palliaweb.nl/richtlijnen-palliatieve-zorg?pagina=/richtlijn/item/pagina.php&richtlijn_id=1078&unique=b5f5989e95da3c01e3d0a0985f4923c7"), CARE, Palliative, NL, None, Vvt;
    "hulpmiddelen" "Hulpmiddelen palliatieve zorg", PALLIAWEB, Some("https://palliaweb.nl/overzichtspagina-hulpmiddelen?searchText=&categoryids=663#submit-scroll-anchor"), CARE, Palliative, NL, None, Vvt;
    "hulpmiddelen-pzp" "Hulpmiddelen proactieve zorgplanning", PALLIAWEB, Some("https://palliaweb.nl/zorgpraktijk/proactieve-zorgplanning#boven"), CARE, Guide, NL, None, Standard;
    "langdurige-zorg" "Richtlijn langdurige zorg: gesprekskaart", "Richtlijnen langdurige zorg", Some("https://www.richtlijnenlangdurigezorg.nl/uploads/side_products/8ef5262796cb62e2a03fa8d0f1d88be2.pdf"), CARE, Guide, NL, None, Vvt;
    "zorgpad" "Transmuraal zorgpad", NETWORK, Some("https://palliaweb.nl/getmedia/0c106c24-ad0c-45c9-92dc-eefb993298d2/Zorgpad.pdf"), CARE, Organise, NL, VELUWE, Vvt;
    "levensvragen-veluwe" "Centrum voor Levensvragen Oost-Veluwe", "Centrum voor Levensvragen Oost-Veluwe", Some("https://www.centrumvoorlevensvragenoostveluwe.nl"), EVERYBODY, Meaning, NL, VELUWE, Vvt;
    "levensvragen-zutphen" "Centrum voor Levensvragen regio Zutphen", "Willem", Some("https://willemlevensvragen.nl"), EVERYBODY, Meaning, NL, VELUWE, Vvt;
    "levensvragen-rotterdam" "Centrum voor Levensvragen Rotterdam", "Centrum voor Levensvragen Rotterdam", Some("https://www.centrumlevensvragenrotterdam.nl/"), EVERYBODY, Meaning, NL, Some("Rotterdam"), Rotterdam;
    "formulier" "Formulier uniform vastleggen proactieve zorgplanning", PALLIAWEB, Some("https://palliaweb.nl/getmedia/a99088af-e07d-4805-a3d2-829ec53eec75/Formulier_Uniform_vastleggen_proactieve_zorgplanning_richtlijn_Proactieve_Zorgplanning_1.pdf"), CARE, Record, NL, None, Vvt;
    "ozo" "Het formulier proactieve zorgplanning in OZOverbindzorg", "OZOverbindzorg", Some("https://kennisbank.ozoverbindzorg.nl/support/solutions/articles/202000044598-hoe-voer-ik-het-formulier-voor-proactieve-zorgplanning-in-"), CARE, Record, NL, None, Vvt;
    "richtlijn" "Richtlijn Proactieve zorgplanning", PALLIAWEB, Some("https://palliaweb.nl/richtlijnen-palliatieve-zorg/richtlijn/proactieve-zorgplanning"), WORK, Organise, NL, None, Dementia;
    "procesafspraken-veluwe" "Regionale procesafspraken proactieve zorgplanning", NETWORK, Some("https://palliaweb.nl/getmedia/30696af8-bf05-402b-84a2-2317059fc81d/Procesafspraken_PZP_OV-Z.pdf"), WORK, Organise, NL, VELUWE, Vvt;
    "leidraad-ziekenhuis" "Leidraad voor proactieve zorgplanning in Nederlandse ziekenhuizen", "Nederlandse Internisten Vereniging", Some("https://www.internisten.nl/nieuwsberichten/nieuwe-leidraad-voor-proactieve-zorgplanning-in-nederlandse-ziekenhuizen-gepubliceerd/"), WORK, Organise, NL, None, Standard;
    "betaaltitel" "Handreiking OZP proactieve zorgplanning MSZ", "Federatie Medisch Specialisten", Some("https://demedischspecialist.nl/sites/default/files/2024-12/Handreiking%20OZP%20PZP%20MSZ%202-12-2024.pdf"), WORK, Organise, NL, None, Standard;
    "rapportage" "Rapportage Praten over levenseinde", PALLIAWEB, Some("https://palliaweb.nl/getmedia/209fa0f8-7bdb-4a23-bd87-b53493cdedc6/220706-Definitieve-Rapportage-Praten-over-levenseinde.pdf"), WORK, Organise, NL, None, Standard;
    "zonmw" "Maak zelf een implementatieplan", "ZonMw", Some("https://www.zonmw.nl/nl/maak-zelf-een-implementatieplan"), LEADS, Organise, NL, None, Standard;
    "transformatie" "Transformatieplan palliatieve zorg", "Nationaal Programma Palliatieve Zorg", Some("https://nppz.org/transformatie-palliatieve-zorg/"), LEADS, Organise, NL, None, Practice;
    "netwerk-rotterdam" "Netwerk Palliatieve Zorg Rotterdam", PALLIAWEB, Some("https://palliaweb.nl/netwerk-rotterdam"), WORK, Organise, NL, Some("Rotterdam"), Rotterdam;
}
