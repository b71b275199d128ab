//! A transaction Bundle laid open: its entries with their profiles, its one patient, and what each reference leads to.

use super::recognise::{Found, recognise};
use super::rules::{Held, Profile};
use super::verify::{Against, verify};
use crate::format::{self, IssueType, Kind, Problem, Version};
use crate::r4::parts::node::{Findings, Node};
use domain::ident::Bsn;
use jiff::civil::Date;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::collections::HashMap;

/// One resource of the Bundle, or one contained in it.
pub(super) struct Entry<'a> {
    /// The resource.
    pub node: Node<'a>,
    /// Its type.
    pub kind: &'a str,
    /// What the plan holds of it; `None` for what is only kept.
    pub held: Option<Held>,
    /// It names its profile itself.
    pub named: bool,
    /// Its place in `Bundle.entry`; a contained resource has that of its container.
    pub at: usize,
    /// It is contained in another.
    pub contained: bool,
}

/// The Bundle laid open.
pub(super) struct Index<'a> {
    /// Entries in order, contained resources after their container.
    pub entries: Vec<Entry<'a>>,
    /// The patient's BSN.
    pub bsn: Bsn,
    /// Where the patient stands among the entries.
    pub patient: usize,
    /// How many entries the Bundle has.
    pub count: usize,
    /// What a reference may be called; two resources under one name make it lead nowhere.
    names: HashMap<String, Option<usize>>,
    /// Which resources have an identifier, by its system and value.
    tokens: HashMap<(String, String), Vec<usize>>,
}

/// Other resource types of R4: kept with the source and named. Any other name is no resource.
const OTHER_TYPES: &str = "Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse Basic \
    BiologicallyDerivedProduct BodyStructure CarePlan CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse \
    ClinicalImpression CompartmentDefinition ConceptMap Contract Coverage CoverageEligibilityRequest CoverageEligibilityResponse \
    DetectedIssue DeviceDefinition DeviceMetric DeviceRequest DiagnosticReport DocumentManifest EffectEvidenceSynthesis \
    EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario \
    ExplanationOfBenefit FamilyMemberHistory Flag GraphDefinition Group GuidanceResponse ImagingStudy Immunization \
    ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List Measure Media \
    Medication MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement \
    MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication \
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged \
    MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition MessageHeader MolecularSequence NamingSystem \
    NutritionOrder ObservationDefinition OperationDefinition OrganizationAffiliation PaymentNotice PaymentReconciliation Person \
    PlanDefinition RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment \
    RiskEvidenceSynthesis Schedule ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap Substance \
    SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial \
    SubstanceSpecification SupplyDelivery SupplyRequest TerminologyCapabilities TestReport TestScript VerificationResult VisionPrescription";

fn is_other_type(name: &str) -> bool {
    OTHER_TYPES.split_whitespace().any(|t| t == name)
}

/// Opens a Bundle. `None`, with why in the findings, where nothing can be read of it.
pub(super) fn open<'a>(bundle: &'a Value, today: Date, findings: &'a Findings) -> Option<Index<'a>> {
    let root = Node::root(bundle, "Bundle", findings);
    if root.peek("resourceType") != Some("Bundle") {
        let text = "Stuur de bouwstenen als één Bundle van type transaction.";
        findings.refuse(
            Kind::UnknownResource,
            IssueType::Invalid,
            root.peek("resourceType").map_or("", |_| "resourceType"),
            text,
        );
        return None;
    }
    for problem in structure(bundle) {
        findings.add(problem);
    }
    if root.peek("type") != Some("transaction") {
        findings.refuse(
            Kind::Other,
            IssueType::Invalid,
            "Bundle.type",
            "Een levering is een Bundle van type transaction.",
        );
    }
    if findings.refused() {
        return None;
    }
    let mut entries = Vec::new();
    let list = root.each("entry");
    for (at, entry) in list.iter().enumerate() {
        open_entry(at, entry, &mut entries);
    }
    if list.is_empty() {
        findings.refuse(
            Kind::Missing,
            IssueType::Required,
            "Bundle.entry",
            "De Bundle is leeg. Neem de patiënt en de gegevens op.",
        );
    }
    let (patient, bsn) = the_patient(&entries, findings)?;
    let mut index = Index { names: HashMap::new(), tokens: HashMap::new(), entries, bsn, patient, count: list.len() };
    index.name_entries(&list);
    for entry in &list {
        index.request(entry);
    }
    index.verify(today);
    (!findings.refused()).then_some(index)
}

/// The structure of the Bundle by FHIR itself; resources of other types are only kept, and not looked into.
fn structure(bundle: &Value) -> Vec<Problem> {
    let tables = format::tables(Version::R4);
    let is_kept = |entry: &Value| {
        let kind = entry.pointer("/resource/resourceType").and_then(Value::as_str);
        kind.is_some_and(|k| tables.resource(k).is_none() && is_other_type(k))
    };
    let entries = bundle.get("entry").and_then(Value::as_array);
    if !entries.is_some_and(|list| list.iter().any(is_kept)) {
        return format::check(bundle);
    }
    let mut copy = bundle.clone();
    let list = copy.get_mut("entry").and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default();
    for entry in list.iter_mut().filter(|e| is_kept(e)) {
        if let Some(map) = entry.as_object_mut() {
            map.remove("resource");
        }
    }
    format::check(&copy)
}

fn open_entry<'a>(at: usize, entry: &Node<'a>, entries: &mut Vec<Entry<'a>>) {
    let Some(resource) = entry.get("resource") else {
        let path = format!("{}.resource", entry.path);
        entry.findings.refuse(
            Kind::Missing,
            IssueType::Required,
            path,
            "Deze entry heeft geen resource. Neem die op of laat de entry weg.",
        );
        return;
    };
    open_resource(at, resource.clone(), false, entries);
    for contained in resource.each("contained") {
        open_resource(at, contained, true, entries);
    }
}

fn open_resource<'a>(at: usize, node: Node<'a>, contained: bool, entries: &mut Vec<Entry<'a>>) {
    let kind = node.peek("resourceType").unwrap_or_default();
    let (held, named): (Option<&Profile>, bool) = match recognise(node.value) {
        Found::Named(profile) => (Some(profile), true),
        Found::ByContent(profile) => (Some(profile), false),
        Found::Unknown => (None, false),
        Found::OfAnotherType => {
            let path = format!("{}.meta.profile", node.path);
            node.findings.refuse(
                Kind::Other,
                IssueType::Invalid,
                path,
                "Dit profiel is van een ander soort resource. Geef het juiste resourceType of profiel.",
            );
            (None, false)
        }
    };
    entries.push(Entry { node, kind, held: held.map(|p| p.held), named, at, contained });
}

/// The one patient of the delivery, by BSN.
fn the_patient(entries: &[Entry<'_>], findings: &Findings) -> Option<(usize, Bsn)> {
    let mut patients = entries.iter().enumerate().filter(|(_, e)| e.held == Some(Held::Patient));
    let Some((at, patient)) = patients.next() else {
        findings.refuse(
            Kind::Missing,
            IssueType::Required,
            "Bundle.entry",
            "De Bundle heeft geen Patient. Neem de patiënt op, met BSN.",
        );
        return None;
    };
    for (_, second) in patients {
        let text = "Een levering gaat over één patiënt. Stuur per patiënt een eigen Bundle.";
        findings.refuse(Kind::Other, IssueType::BusinessRule, second.node.path.clone(), text);
    }
    let numbers: Vec<Node<'_>> =
        patient.node.each("identifier").into_iter().filter(|i| i.peek("system") == Some(Bsn::SYSTEM)).collect();
    let path = format!("{}.identifier", patient.node.path);
    let Some(first) = numbers.first() else {
        findings.refuse(
            Kind::Missing,
            IssueType::Required,
            path,
            "De Patient heeft geen BSN. Neem een identifier met het BSN op.",
        );
        return None;
    };
    let mut bsn = None;
    for number in &numbers {
        match (Bsn::parse(number.peek("value").unwrap_or_default()), &bsn) {
            (Err(invalid), _) => {
                findings.refuse(Kind::Format, IssueType::Value, format!("{}.value", number.path), invalid.0);
            }
            (Ok(read), Some(other)) if read != *other => {
                findings.refuse(
                    Kind::Other,
                    IssueType::BusinessRule,
                    number.path.clone(),
                    "De Patient heeft twee verschillende BSN's.",
                );
            }
            (Ok(read), _) => bsn = Some(read),
        }
    }
    first.take();
    bsn.map(|bsn| (at, bsn))
}

impl<'a> Index<'a> {
    fn name_entries(&mut self, list: &[Node<'a>]) {
        let mut names: Vec<(String, usize)> = Vec::new();
        for (i, entry) in self.entries.iter().enumerate() {
            let id = entry.node.peek("id");
            if entry.contained {
                names.extend(id.map(|id| (format!("{}#{id}", entry.at), i)));
                continue;
            }
            let mut own: Vec<String> = id.map(|id| format!("{}/{id}", entry.kind)).into_iter().collect();
            let wrapper = &list[entry.at];
            if let Some(url) = wrapper.peek("fullUrl") {
                own.push(url.to_owned());
                own.extend(relative(url, entry.kind));
            }
            let request =
                wrapper.get("request").and_then(|r| r.peek("url")).filter(|u| u.contains('/') && !u.contains('?'));
            own.extend(request.map(str::to_owned));
            own.sort();
            own.dedup();
            names.extend(own.into_iter().map(|n| (n, i)));
        }
        for (name, at) in names {
            self.names.entry(name).and_modify(|known| *known = None).or_insert(Some(at));
        }
        for (i, entry) in self.entries.iter().enumerate() {
            for identifier in entry.node.each("identifier") {
                let text = |key| identifier.peek(key).unwrap_or_default().to_owned();
                self.tokens.entry((text("system"), text("value"))).or_default().push(i);
            }
        }
    }

    /// How an entry asks to be written.
    fn request(&self, entry: &Node<'a>) {
        let Some(request) = entry.get("request") else {
            let text = "Zeg in request hoe deze resource geschreven moet worden (POST of PUT).";
            entry.findings.refuse(Kind::Missing, IssueType::Required, format!("{}.request", entry.path), text);
            return;
        };
        let refuse = |element: &str, text: &str| {
            entry.findings.refuse(Kind::Other, IssueType::NotSupported, format!("{}.{element}", request.path), text);
        };
        if !matches!(request.peek("method"), Some("POST" | "PUT")) {
            refuse(
                "method",
                "In een levering kan alleen POST of PUT. Een plan wordt niet over de API gewijzigd of gewist.",
            );
        }
        let kind = entry.get("resource").and_then(|r| r.peek("resourceType")).unwrap_or_default();
        let url = request.peek("url").unwrap_or_default();
        if url.split(['/', '?']).next() != Some(kind) {
            refuse("url", "De url van het request hoort bij een ander soort resource.");
        }
        for (element, query) in
            [("url", url.split_once('?').map(|(_, q)| q)), ("ifNoneExist", request.peek("ifNoneExist"))]
        {
            if let (Some(query), "Patient") = (query, kind)
                && token(query).is_some_and(|t| !self.is_the_patient(&t))
            {
                refuse(element, "De voorwaarde noemt een andere patiënt dan de resource zelf.");
            }
        }
        verify_wrapper(entry);
    }

    fn verify(&self, today: Date) {
        for entry in &self.entries {
            if let Some(profile) = entry.held.and_then(super::rules::profile) {
                let target = |reference: &Node<'_>| {
                    let at = self.resolve(entry, reference.value).ok().flatten()?;
                    self.entries.get(at).map(|e| e.kind)
                };
                // What no profile claims and no code gives away is not taken for an ICD; its code is free.
                if entry.held != Some(Held::Device) || entry.named {
                    verify(&entry.node, profile, &Against { today, target: &target });
                }
                self.references(entry, &entry.node);
            }
        }
    }

    /// Refuses every reference below a node that leads nowhere.
    fn references(&self, entry: &Entry<'a>, node: &Node<'a>) {
        let Value::Object(map) = node.value else { return };
        let by_identifier = map.get("identifier").is_some_and(Value::is_object) && !map.contains_key("resourceType");
        if map.get("reference").is_some_and(Value::is_string) || by_identifier {
            if self.resolve(entry, node.value).is_err() {
                let text = "Deze verwijzing leidt nergens heen in de Bundle. Neem op waarnaar verwezen wordt.";
                let path = if map.contains_key("reference") {
                    format!("{}.reference", node.path)
                } else {
                    node.path.to_string()
                };
                node.findings.refuse(Kind::Other, IssueType::NotFound, path, text);
            }
            return;
        }
        for (_, child) in node.objects().filter(|(key, _)| *key != "contained") {
            self.references(entry, &child);
        }
    }

    /// The place among the entries of what a reference leads to. `Ok(None)` where it names nothing by itself, such as a display only or an identifier
    /// of somebody who is not in the Bundle.
    ///
    /// # Errors
    /// It names something that is not in the Bundle, or another patient.
    pub fn resolve(&self, from: &Entry<'a>, reference: &Value) -> Result<Option<usize>, ()> {
        let at = match reference.get("reference").and_then(Value::as_str) {
            None => return self.by_identifier(reference),
            Some(text) => match (text.strip_prefix('#'), text.split_once('?')) {
                (Some(id), _) => self.names.get(&format!("{}#{id}", from.at)).copied().flatten(),
                (None, Some((kind, query))) => token(query).and_then(|t| self.by_token(kind, &t)),
                (None, None) => {
                    let bare = text.split("/_history/").next().unwrap_or(text);
                    self.names.get(bare).copied().flatten()
                }
            },
        };
        at.map(Some).ok_or(())
    }

    fn by_identifier(&self, reference: &Value) -> Result<Option<usize>, ()> {
        let Some(identifier) = reference.get("identifier") else { return Ok(None) };
        let text = |key| identifier.get(key).and_then(Value::as_str).unwrap_or_default();
        let token = (text("system").to_owned(), text("value").to_owned());
        if token.0 == Bsn::SYSTEM {
            return if self.is_the_patient(&token) { Ok(Some(self.patient)) } else { Err(()) };
        }
        let kind = reference.get("type").and_then(Value::as_str).unwrap_or_default();
        Ok(self.by_token(kind, &token))
    }

    /// The one resource of a type (any, where empty) with this identifier.
    fn by_token(&self, kind: &str, token: &(String, String)) -> Option<usize> {
        if token.0 == Bsn::SYSTEM {
            return self.is_the_patient(token).then_some(self.patient).filter(|_| matches!(kind, "Patient" | ""));
        }
        let mut found = self.tokens.get(token)?.iter().filter(|i| kind.is_empty() || self.entries[**i].kind == kind);
        found.next().copied().filter(|_| found.next().is_none())
    }

    fn is_the_patient(&self, (system, value): &(String, String)) -> bool {
        system == Bsn::SYSTEM && Bsn::parse(value).is_ok_and(|bsn| bsn == self.bsn)
    }
}

/// Modifier extensions of the wrapping of an entry.
fn verify_wrapper(entry: &Node<'_>) {
    for extension in entry.each("modifierExtension") {
        extension.refuse(
            Kind::Other,
            IssueType::Extension,
            "Deze modifierExtension is hier niet bekend. Laat haar weg.",
        );
    }
}

/// `Type/id` at the end of an absolute URL.
fn relative(url: &str, kind: &str) -> Option<String> {
    let mut parts = url.rsplit('/');
    let (id, of) = (parts.next()?, parts.next()?);
    (of == kind && !id.is_empty()).then(|| format!("{kind}/{id}"))
}

/// System and value of the `identifier` in a conditional reference or create.
fn token(query: &str) -> Option<(String, String)> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("identifier="))?;
    let decoded = percent_decode_str(value).decode_utf8().ok()?;
    let (system, value) = decoded.split_once('|').unwrap_or(("", &decoded));
    Some((system.to_owned(), value.to_owned()))
}
