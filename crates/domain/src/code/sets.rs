//! The closed sets (SPEC section 3): code, display, and which older codes are still read (SPEC section 9).

use super::{CodeSet, system};
use serde::{Deserialize, Serialize};

macro_rules! code_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $system:expr, $code:literal, $display:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$vdoc])* #[doc = $display] $variant,)+ }
        impl CodeSet for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn system(self) -> &'static str { match self { $(Self::$variant => $system,)+ } }
            fn code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }
            fn display(self) -> &'static str { match self { $(Self::$variant => $display,)+ } }
        }
    };
}

code_set! {
    /// Main goal of medical policy (ACPMedicalPolicyGoalVS).
    PolicyGoal {
        CareForIllness = system::SNOMED, "385987000", "zorg bij ziekte en/of letsel";
        ProlongLife = system::SNOMED, "1351964001", "levensverlengende behandeling";
        RelieveSymptoms = system::SNOMED, "713148004", "voorkomen en behandelen van symptomen";
        Unknown = system::NULL_FLAVOR, "UNK", "nog onbekend";
    }
}

code_set! {
    /// Preferred place of death (ACPPreferredPlaceOfDeathVS).
    Place {
        Home = system::SNOMED, "264362003", "thuis";
        Hospital = system::SNOMED, "22232009", "ziekenhuis";
        NursingHome = system::SNOMED, "108344006", "verpleeghuis";
        Hospice = system::SNOMED, "284546000", "hospice";
        Other = system::NULL_FLAVOR, "OTH", "Anders";
        Unknown = system::NULL_FLAVOR, "UNK", "nog onbekend";
    }
}

code_set! {
    /// Position regarding euthanasia (ACPPositionRegardingEuthanasiaVS).
    EuthanasiaPosition {
        HasStatement = system::SNOMED, "340181000146102", "heeft euthanasieverklaring";
        DoesNotWant = system::SNOMED, "340201000146103", "wil geen euthanasie";
        HasNoStatement = system::SNOMED, "340191000146100", "heeft geen euthanasieverklaring";
        Unknown = system::NULL_FLAVOR, "UNK", "nog onbekend";
    }
}

code_set! {
    /// Yes, no, unknown: three values (ACPYesNoUnknownVS).
    YesNoUnknown {
        Yes = system::SNOMED, "373066001", "ja";
        No = system::SNOMED, "373067005", "nee";
        Unknown = system::NULL_FLAVOR, "UNK", "nog onbekend";
    }
}

code_set! {
    /// Kind of ICD (ACPMedicalDeviceProductTypeICDVS).
    IcdType {
        Icd = system::SNOMED, "72506001", "implanteerbare cardioverter-defibrillator";
        SingleChamber = system::SNOMED, "465460004", "univentriculaire implanteerbare cardioverter-defibrillator";
        DualChamber = system::SNOMED, "468542000", "implanteerbare tweekamercardioverter-defibrillator";
        Biventricular = system::SNOMED, "704707009", "implanteerbare biventriculaire cardioverter-defibrillator";
        Resynchronisation = system::SNOMED, "1263462004", "pulsgenerator van defibrillator voor cardiale resynchronisatietherapie";
        Subcutaneous = system::SNOMED, "1236894001", "subcutane implanteerbare cardioverter-defibrillator";
    }
}

code_set! {
    /// Which act the conversation was (ACPProcedureTypeVS).
    ProcedureType {
        AdvanceCarePlanning = system::SNOMED, "713603004", "advance care planning";
        Cbv = system::CBV, "411600B", "PROACTIEVE ZORGPLANNING-OPSTEL. INDIV.ZORGPL.PALLIAT.FASE";
        Nza = system::NZA, "190099", "Proactieve zorgplanning";
    }
}

code_set! {
    /// Role of a contact person (RolCodelijst and ACPContactPersonRoleVS).
    ContactRole {
        FirstContact = system::CONTACT_ROLE, "01", "Eerste relatie/contactpersoon";
        SecondContact = system::CONTACT_ROLE, "02", "Tweede relatie/contactpersoon";
        Curator = system::CONTACT_ROLE, "03", "Curator (juridisch)";
        FinancialProxy = system::CONTACT_ROLE, "04", "Financieel (gemachtigd)";
        FinancialReview = system::CONTACT_ROLE, "05", "Financieel (toetsing)";
        LivingUnit = system::CONTACT_ROLE, "06", "Leefeenheid";
        Helper = system::CONTACT_ROLE, "07", "Hulpverlener";
        Other = system::CONTACT_ROLE, "09", "Anders";
        Guardian = system::CONTACT_ROLE, "11", "Voogd";
        Administrator = system::CONTACT_ROLE, "14", "Bewindvoerder";
        Mentor = system::CONTACT_ROLE, "15", "Mentor";
        Neighbour = system::CONTACT_ROLE, "19", "Buur";
        Friend = system::CONTACT_ROLE, "20", "Vriend(in)/kennis";
        ClientSupporter = system::CONTACT_ROLE, "21", "Cliëntondersteuner";
        Contact = system::CONTACT_ROLE, "23", "Contactpersoon";
        LegalRepresentative = system::CONTACT_ROLE, "24", "Wettelijke vertegenwoordiger";
        InformalCarer = system::CONTACT_ROLE_ZIB, "100001", "Mantelzorger";
        SpiritualCarer = system::CONTACT_ROLE_ZIB, "100002", "Geestelijk verzorger";
        Interpreter = system::CONTACT_ROLE_ZIB, "100003", "Tolk";
        Lawyer = system::CONTACT_ROLE_ZIB, "100004", "Advocaat";
        WrittenProxy = system::SNOMED, "310141000146103", "Schriftelijk gemachtigde zorg en behandeling";
    }
}

code_set! {
    /// Relation to the patient (RelatieCodelijst).
    RelationKind {
        Partner = system::ROLE_CODE, "DOMPART", "Partner";
        Husband = system::ROLE_CODE, "HUSB", "Echtgenoot";
        Wife = system::ROLE_CODE, "WIFE", "Echtgenote";
        Father = system::ROLE_CODE, "FTH", "Vader";
        Mother = system::ROLE_CODE, "MTH", "Moeder";
        Son = system::ROLE_CODE, "SONC", "Zoon";
        Daughter = system::ROLE_CODE, "DAUC", "Dochter";
        Brother = system::ROLE_CODE, "BRO", "Broer";
        Sister = system::ROLE_CODE, "SIS", "Zuster";
        AdoptiveFather = system::ROLE_CODE, "ADOPTF", "Adoptievader";
        AdoptiveMother = system::ROLE_CODE, "ADOPTM", "Adoptiemoeder";
        Aunt = system::ROLE_CODE, "AUNT", "Tante";
        BrotherInLaw = system::ROLE_CODE, "BROINLAW", "Zwager";
        Cousin = system::ROLE_CODE, "COUSN", "Neef/nicht, zoon/dochter van oom/tante";
        DaughterInLaw = system::ROLE_CODE, "DAUINLAW", "Schoondochter";
        FatherInLaw = system::ROLE_CODE, "FTHINLAW", "Schoonvader";
        FosterDaughter = system::ROLE_CODE, "DAUFOST", "Pleegdochter";
        FosterFather = system::ROLE_CODE, "FTHFOST", "Pleegvader";
        FosterMother = system::ROLE_CODE, "MTHFOST", "Pleegmoeder";
        FosterSon = system::ROLE_CODE, "SONFOST", "Pleegzoon";
        Granddaughter = system::ROLE_CODE, "GRNDDAU", "Kleindochter";
        Grandfather = system::ROLE_CODE, "GRFTH", "Opa";
        Grandmother = system::ROLE_CODE, "GRMTH", "Oma";
        Grandson = system::ROLE_CODE, "GRNDSON", "Kleinzoon";
        GreatGrandfather = system::ROLE_CODE, "GGRFTH", "Overgrootvader";
        GreatGrandmother = system::ROLE_CODE, "GGRMTH", "Overgrootmoeder";
        MotherInLaw = system::ROLE_CODE, "MTHINLAW", "Schoonmoeder";
        Nephew = system::ROLE_CODE, "NEPHEW", "Neef, zoon van broer/zus";
        Niece = system::ROLE_CODE, "NIECE", "Nicht, dochter van broer/zus";
        SisterInLaw = system::ROLE_CODE, "SISINLAW", "Schoonzuster";
        SonInLaw = system::ROLE_CODE, "SONINLAW", "Schoonzoon";
        Stepfather = system::ROLE_CODE, "STPFTH", "Stiefvader";
        Stepmother = system::ROLE_CODE, "STPMTH", "Stiefmoeder";
        Uncle = system::ROLE_CODE, "UNCLE", "Oom";
        Other = system::NULL_FLAVOR, "OTH", "Anders";
    }
}

code_set! {
    /// Kind of telephone connection (TelecomTypeCodelijst).
    TelecomType {
        LandLine = system::TELECOM_TYPE, "LL", "Land Line";
        Fax = system::TELECOM_TYPE, "FAX", "Fax";
        Pager = system::ADDRESS_USE, "PG", "Pieper";
        Mobile = system::ADDRESS_USE, "MC", "Mobiel telefoonnummer";
    }
}

code_set! {
    /// What a number or address is used for (NummerSoort, EmailSoort).
    ContactUse {
        Home = system::ADDRESS_USE, "HP", "Telefoonnummer thuis";
        Temporary = system::ADDRESS_USE, "TMP", "Tijdelijk telefoonnummer";
        Work = system::ADDRESS_USE, "WP", "Zakelijk telefoonnummer";
    }
}

code_set! {
    /// Kind of earlier written wish (WilsverklaringTypeCodelijst).
    AdvanceDirectiveType {
        DoNotResuscitate = system::ADVANCE_DIRECTIVE, "NR", "Niet reanimeren verklaring";
        Proxy = system::ADVANCE_DIRECTIVE, "VOL", "Volmacht";
        TreatmentRefusal = system::ADVANCE_DIRECTIVE, "VERB", "Behandelverbod";
        TreatmentRefusalCompletedLife = system::ADVANCE_DIRECTIVE, "VERBVL", "Behandelverbod met aanvulling Voltooid Leven";
        Oral = system::ADVANCE_DIRECTIVE, "MON", "Mondelinge afspraak";
        Euthanasia = system::ADVANCE_DIRECTIVE, "EU", "Euthanasieverzoek";
        EuthanasiaDementia = system::ADVANCE_DIRECTIVE, "EUD", "Euthanasieverzoek met aanvulling Dementie";
        LifeWish = system::ADVANCE_DIRECTIVE, "LW", "Levenswensverklaring";
        Donor = system::ADVANCE_DIRECTIVE, "DO", "Verklaring donorschap";
        SelfBinding = system::ADVANCE_DIRECTIVE, "ZB", "Zelfbindingsverklaring";
        Other = system::NULL_FLAVOR, "OTH", "Anders";
    }
}

code_set! {
    /// Sex for administration (GeslachtCodelijst).
    Gender {
        Male = "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender", "M", "Man";
        Female = "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender", "F", "Vrouw";
        Undifferentiated = "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender", "UN", "Ongedifferentieerd";
        Unknown = system::NULL_FLAVOR, "UNK", "Onbekend";
    }
}

/// Consent to share as asked in the form, item 8b (1201).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharingAnswer {
    /// 441898007 Akkoord.
    Agreed,
    /// Not yet known.
    Unknown,
}

impl CodeSet for SharingAnswer {
    const ALL: &'static [Self] = &[Self::Agreed, Self::Unknown];
    fn system(self) -> &'static str {
        match self {
            Self::Agreed => system::SNOMED,
            Self::Unknown => system::NULL_FLAVOR,
        }
    }
    fn code(self) -> &'static str {
        match self {
            Self::Agreed => "441898007",
            Self::Unknown => "UNK",
        }
    }
    fn display(self) -> &'static str {
        match self {
            Self::Agreed => "Akkoord",
            Self::Unknown => "Nog onbekend",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_code_twice<S: CodeSet + std::fmt::Debug>() {
        for member in S::ALL {
            assert_eq!(S::of(&member.coding()), Some(*member));
        }
    }

    #[test]
    fn each_code_means_one_member() {
        no_code_twice::<PolicyGoal>();
        no_code_twice::<Place>();
        no_code_twice::<ContactRole>();
        no_code_twice::<RelationKind>();
        no_code_twice::<AdvanceDirectiveType>();
        no_code_twice::<TelecomType>();
        no_code_twice::<SharingAnswer>();
        assert_eq!(YesNoUnknown::find(None, "UNK"), None);
    }
}
