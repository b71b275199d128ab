//! From the parameters of a request to a [`Query`]; every fault at once, each with the parameter's name.

use super::filter::{Filter, Test, TextMatch, fold};
use super::include::Include;
use super::page::{PARAM, Place};
use super::query::Query;
use super::result::{Form, Order};
use super::selector::PatientSelector;
use super::table::{self, Param, Sort};
use super::value::{Canonical, System, Target, Token, alternatives, unescape};
use super::{Handling, Options, PAGE, codes, date, result};
use crate::format::{IssueType, Problem, Severity, Version};
use crate::r4::ResourceType;
use crate::r4::conformance::{list_by_id, list_by_url};
use domain::date::FhirDateTime;
use domain::ident::Bsn;

/// How many references a chain may follow.
const DEEPEST: usize = 3;

/// Why a parameter does not become part of the search.
pub(super) enum Refusal {
    /// It is not known here: `Handling` decides.
    Unknown,
    /// Its value or modifier is wrong: always refused.
    Wrong(Problem),
}

/// A parameter that is wrong, with what to do about it.
pub(super) fn wrong(name: &str, text: impl Into<String>) -> Refusal {
    Refusal::Wrong(Problem::new(Severity::Error, IssueType::Value, path(name), text))
}

/// Where FHIR says a fault in a parameter is.
fn path(name: &str) -> String {
    format!("http.{}", shown(name))
}

/// A parameter's name as it may be repeated: nothing long, nothing odd, nothing that could be a number of a person.
fn shown(name: &str) -> &str {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'));
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if plain && name.len() <= 60 && digits < 6 { name } else { "…" }
}

/// Reads a search. `params` are decoded, in the order of the request, those of the body of a POST included.
///
/// # Errors
///
/// Everything that is wrong; with [`Handling::Strict`] also what is not known.
pub fn parse(kind: ResourceType, params: &[(String, String)], options: &Options<'_>) -> Result<Query, Vec<Problem>> {
    let Some((_, token)) = params.iter().find(|(name, _)| name == PARAM) else {
        return from_params(kind, params, 0, options);
    };
    let broken = |text: &str| vec![Problem::new(Severity::Error, IssueType::Value, path(PARAM), text)];
    if params.iter().any(|(name, _)| !matches!(name.as_str(), PARAM | "_format" | "_pretty")) {
        return Err(broken("Een vervolglink staat op zichzelf: laat de andere parameters weg."));
    }
    match options.key.open(token) {
        Some(place) if place.kind == kind => {
            let mut all = place.params;
            all.retain(|(name, _)| name != "_format" && name != "_pretty");
            all.extend(params.iter().filter(|(name, _)| name != PARAM).cloned());
            from_params(kind, &all, place.offset, options)
        }
        _ => Err(broken("Deze vervolglink is niet van deze server of niet meer geldig. Begin de zoekvraag opnieuw.")),
    }
}

fn from_params(
    kind: ResourceType,
    params: &[(String, String)],
    offset: usize,
    options: &Options<'_>,
) -> Result<Query, Vec<Problem>> {
    let mut draft = Draft::new(kind, *options);
    for (name, value) in params {
        if name.is_empty() || value.is_empty() {
            continue;
        }
        match draft.take(name, value) {
            Ok(()) => {}
            Err(Refusal::Wrong(problem)) => draft.problems.push(problem),
            Err(Refusal::Unknown) => draft.unknown(name),
        }
    }
    draft.finish(params, offset)
}

struct Draft<'a> {
    kind: ResourceType,
    options: Options<'a>,
    filters: Vec<Filter>,
    includes: Vec<Include>,
    order: Vec<Order>,
    form: Form,
    count: usize,
    total: bool,
    named: Vec<PatientSelector>,
    birth_date: Option<FhirDateTime>,
    family: Option<String>,
    used: Vec<(String, String)>,
    around: Vec<(String, String)>,
    problems: Vec<Problem>,
    ignored: Vec<Problem>,
}

impl<'a> Draft<'a> {
    fn new(kind: ResourceType, options: Options<'a>) -> Self {
        Self {
            kind,
            options,
            filters: Vec::new(),
            includes: Vec::new(),
            order: Vec::new(),
            form: Form::Whole,
            count: PAGE,
            total: true,
            named: Vec::new(),
            birth_date: None,
            family: None,
            used: Vec::new(),
            around: Vec::new(),
            problems: Vec::new(),
            ignored: Vec::new(),
        }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        match name.split([':', '.']).next().unwrap_or(name) {
            "_include" => self.includes.push(Include::parse(self.options.version, name, value)?),
            "_count" => match result::count(value)
                .ok_or_else(|| wrong(name, "Geef bij _count een geheel getal van 0 of meer."))?
            {
                0 => self.form = Form::Count,
                count => self.count = count,
            },
            "_summary" => {
                let form = result::summary(value)
                    .ok_or_else(|| wrong(name, "Kies bij _summary uit true, text, data, count of false."))?;
                // `_count=0` already asked for the number alone.
                if self.form != Form::Count {
                    self.form = form;
                }
            }
            "_elements" => {
                let elements = result::elements(self.kind, value)
                    .ok_or_else(|| wrong(name, "Geef bij _elements namen van elementen."))?;
                if self.form == Form::Whole {
                    self.form = Form::Elements(elements);
                }
            }
            "_total" => {
                self.total = result::total(value)
                    .ok_or_else(|| wrong(name, "Kies bij _total uit none, estimate of accurate."))?;
            }
            "_sort" => {
                self.order.extend(result::order(self.options.version, self.kind, value).ok_or(Refusal::Unknown)?);
            }
            // How the answer is written is not the search's business, but its links must say it again.
            "_format" | "_pretty" => {
                self.around.push((name.to_owned(), value.to_owned()));
                return Ok(());
            }
            _ => return self.condition(name, value),
        }
        self.used.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// A condition, or whose resources are asked for.
    fn condition(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let (head, chain) = name.split_once('.').map_or((name, None), |(head, chain)| (head, Some(chain)));
        let (own, modifier) = head.split_once(':').map_or((head, None), |(own, modifier)| (own, Some(modifier)));
        let param = table::find(self.options.version, self.kind, own).ok_or(Refusal::Unknown)?;
        if param.names_patient && matches!(modifier, None | Some("Patient" | "identifier")) {
            let selector = match (modifier, chain) {
                (None | Some("Patient"), Some("identifier")) | (Some("identifier"), None) => {
                    Some(PatientSelector::of_identifier(name, value))
                }
                (None | Some("Patient"), None | Some("_id")) => {
                    Some(PatientSelector::of_reference(name, value, &self.options))
                }
                _ => None,
            };
            if let Some(selector) = selector {
                self.named.push(selector.map_err(Refusal::Wrong)?);
                self.say(name, value, modifier == Some("identifier") || chain == Some("identifier"));
                return Ok(());
            }
        }
        let mut filter = filter(self.kind, name, value, &self.options, 0)?;
        if self.kind == ResourceType::Patient && modifier.is_none() && chain.is_none() {
            match own {
                "_id" => {
                    self.named.push(PatientSelector::of_reference(name, value, &self.options).map_err(Refusal::Wrong)?);
                }
                "identifier" => {
                    let selector = PatientSelector::of_identifier(name, value).map_err(Refusal::Wrong)?;
                    if let PatientSelector::Bsn(bsn) = &selector {
                        // However it was written, it is kept in one way.
                        let token =
                            Token { system: System::Is(Bsn::SYSTEM.to_owned()), code: Some(bsn.as_str().to_owned()) };
                        filter.test = Test::Tokens { any: vec![token], not: false };
                    }
                    self.named.push(selector);
                }
                "birthdate" => {
                    self.birth_date = FhirDateTime::parse(value.strip_prefix("eq").unwrap_or(value))
                        .ok()
                        .filter(|d| d.as_str().len() == 10);
                }
                "family" => self.family = Some(unescape(value)),
                _ => {}
            }
        }
        let is_private = is_private(&filter);
        self.filters.push(filter);
        self.say(name, value, is_private);
        Ok(())
    }

    /// Notes a parameter for the links; of a private one no value, and without value no parameter (decision 54).
    fn say(&mut self, name: &str, value: &str, private: bool) {
        if !private && !value.contains("NamingSystem/bsn") {
            self.used.push((name.to_owned(), value.to_owned()));
            return;
        }
        let system = value.split_once('|').map(|(system, _)| system);
        if let Some(system) =
            system.filter(|s| name.ends_with("identifier") && (s.contains("://") || s.starts_with("urn:")))
        {
            self.used.push((name.to_owned(), format!("{system}|")));
        }
    }

    fn unknown(&mut self, name: &str) {
        let text = match name.split(':').next().unwrap_or(name) {
            "_revinclude" => "Deze server volgt verwijzingen alleen heen, met _include. Zoek de andere resources met een eigen zoekvraag.".into(),
            "_include" => "Deze _include is hier niet bekend. Welke er zijn staat in het CapabilityStatement.".into(),
            "_sort" => "Op deze parameter kan niet gesorteerd worden. Kies een datum, _lastUpdated of _id.".into(),
            _ => format!("De zoekparameter {} is hier niet bekend voor {}. Welke er zijn staat in het CapabilityStatement.", shown(name), self.kind),
        };
        match self.options.handling {
            Handling::Strict => {
                self.problems.push(Problem::new(Severity::Error, IssueType::NotSupported, path(name), text));
            }
            Handling::Lenient => {
                let text = format!("{text} Hij is buiten beschouwing gelaten.");
                self.ignored.push(Problem::new(Severity::Warning, IssueType::NotSupported, path(name), text));
            }
        }
    }

    fn finish(mut self, params: &[(String, String)], offset: usize) -> Result<Query, Vec<Problem>> {
        let patient = self.patient();
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        if matches!(patient, PatientSelector::Named { .. }) {
            // The caller compares surnames better than a text filter: own and partner's, without prefix.
            self.filters.retain(|filter| filter.param.name != "family");
        }
        Ok(Query {
            base: self.options.base.trim_end_matches('/').to_owned(),
            version: self.options.version,
            patient,
            filters: self.filters,
            includes: self.includes,
            order: self.order,
            form: self.form,
            count: self.count,
            offset,
            total: self.total,
            used: self.used,
            around: self.around,
            place: Place { kind: self.kind, params: params.to_vec(), offset: 0 },
            ignored: self.ignored,
        })
    }

    /// The one patient that all of it names.
    fn patient(&mut self) -> PatientSelector {
        let mut named = std::mem::take(&mut self.named);
        named.dedup();
        let ids = named.iter().filter(|n| matches!(n, PatientSelector::Id(_))).count();
        match (&named[..], self.birth_date.take(), self.family.take()) {
            ([one], ..) => one.clone(),
            ([], Some(birth_date), Some(family)) => PatientSelector::Named { birth_date, family },
            ([], ..) => {
                let of_filters = self.filters.iter().find_map(|filter| match (filter.param.name, &filter.test) {
                    ("_id", Test::Tokens { any, not: false }) => PatientSelector::of_ids(any),
                    (_, test) => PatientSelector::of_test(test),
                });
                of_filters.map_or(PatientSelector::Unnamed, PatientSelector::Id)
            }
            _ if ids == named.len() || named.contains(&PatientSelector::Nobody) => PatientSelector::Nobody,
            // A patient by id and number at once: the filters compare the number.
            _ if self.kind == ResourceType::Patient && ids == 1 => {
                named.swap_remove(named.iter().position(|n| matches!(n, PatientSelector::Id(_))).unwrap_or(0))
            }
            _ => {
                let text = "De patiënt is op meer dan één manier genoemd. Noem de patiënt één keer.";
                self.problems.push(Problem::new(Severity::Error, IssueType::Value, "http.patient", text));
                PatientSelector::Nobody
            }
        }
    }
}

/// May a value of this condition not stand in a link?
fn is_private(filter: &Filter) -> bool {
    match &filter.test {
        Test::Chain(inner) => inner.iter().any(|(_, filter)| is_private(filter)),
        Test::Identifiers(_) => true,
        Test::Missing(_) => false,
        _ => filter.param.private,
    }
}

/// One condition, with its chain.
fn filter(kind: ResourceType, name: &str, value: &str, options: &Options<'_>, depth: usize) -> Result<Filter, Refusal> {
    let (head, chain) = name.split_once('.').map_or((name, None), |(head, chain)| (head, Some(chain)));
    let (own, modifier) = head.split_once(':').map_or((head, None), |(own, modifier)| (own, Some(modifier)));
    if let Some(longer) = table::chain(options.version, kind, name) {
        return filter(kind, longer, value, options, depth);
    }
    let param = table::find(options.version, kind, own).ok_or(Refusal::Unknown)?;
    let Some(chain) = chain else { return Ok(Filter { param, test: test(param, name, modifier, value, options)? }) };
    if param.sort != Sort::Reference {
        return Err(Refusal::Unknown);
    }
    if depth >= DEEPEST {
        return Err(wrong(
            name,
            format!("Een keten van meer dan {DEEPEST} verwijzingen gaat te ver. Stel een kortere zoekvraag."),
        ));
    }
    let targets: Vec<ResourceType> = match modifier {
        None => param.targets.to_vec(),
        Some(of) => vec![target_type(param, name, of)?],
    };
    let (mut inner, mut refusal) = (Vec::new(), Refusal::Unknown);
    for target in targets {
        match filter(target, chain, value, options, depth + 1) {
            Ok(filter) => inner.push((target, filter)),
            Err(Refusal::Unknown) => {}
            Err(other) => refusal = other,
        }
    }
    if inner.is_empty() { Err(refusal) } else { Ok(Filter { param, test: Test::Chain(inner) }) }
}

/// The type that a modifier names.
fn target_type(param: &Param, name: &str, of: &str) -> Result<ResourceType, Refusal> {
    of.parse().ok().filter(|kind| param.targets.contains(kind)).ok_or_else(|| {
        let types: Vec<&str> = param.targets.iter().map(|kind| kind.as_str()).collect();
        wrong(name, format!("De parameter {} verwijst naar: {}.", param.name, types.join(", ")))
    })
}

/// The values of a parameter with its modifier.
fn test(
    param: &'static Param,
    name: &str,
    modifier: Option<&str>,
    value: &str,
    options: &Options<'_>,
) -> Result<Test, Refusal> {
    if modifier == Some("missing") {
        return match value {
            "true" => Ok(Test::Missing(true)),
            "false" => Ok(Test::Missing(false)),
            _ => Err(wrong(name, "Kies bij :missing uit true of false.")),
        };
    }
    let all = alternatives(value);
    match (param.sort, modifier) {
        (Sort::Token, None | Some("not")) => {
            let any = tokens(name, &all)?;
            codes::check(options.version, param, &any).map_err(|text| wrong(name, text))?;
            Ok(Test::Tokens { any, not: modifier.is_some() })
        }
        (Sort::Token, Some("in" | "not-in")) => {
            let mut url = unescape(value);
            if options.version == Version::Stu3 {
                url = crate::stu3::form::set_up(&url);
            }
            let set = list_by_url(&url).or_else(|| list_by_id(url.strip_prefix("ValueSet/")?));
            let set = set.ok_or_else(|| wrong(name, "Deze ValueSet is hier niet bekend. Welke er zijn geeft een zoekvraag naar ValueSet."))?;
            Ok(Test::In { set, not: modifier == Some("not-in") })
        }
        (Sort::Token, Some("text")) => Ok(Test::Words(all.iter().map(|text| fold(&unescape(text))).collect())),
        (Sort::Reference, None) => Ok(Test::References(references(param, name, None, &all, options)?)),
        (Sort::Reference, Some("identifier")) => Ok(Test::Identifiers(tokens(name, &all)?)),
        (Sort::Reference, Some(of)) => {
            let kind = target_type(param, name, of)?;
            Ok(Test::References(references(param, name, Some(kind), &all, options)?))
        }
        (Sort::Canonical, None) => Ok(Test::Canonicals(vec_of(&all, Canonical::parse))),
        (Sort::Date, None) => all
            .iter()
            .map(|text| date::DateTest::parse(text))
            .collect::<Option<_>>()
            .map(Test::Dates)
            .ok_or_else(|| wrong(name, "Dit is geen datum. Gebruik jjjj, jjjj-mm, jjjj-mm-dd of een tijdstip, eventueel met eq, ne, gt, lt, ge, le, sa, eb of ap ervoor.")),
        (Sort::Text, None) => Ok(Test::Texts { any: vec_of(&all, |text| fold(&unescape(text))), how: TextMatch::Begins }),
        (Sort::Text, Some("contains")) => Ok(Test::Texts { any: vec_of(&all, |text| fold(&unescape(text))), how: TextMatch::Contains }),
        (Sort::Text, Some("exact")) => Ok(Test::Texts { any: vec_of(&all, unescape), how: TextMatch::Exact }),
        (Sort::Uri, None | Some("below")) => Ok(Test::Uris { any: vec_of(&all, unescape), below: modifier.is_some() }),
        _ => Err(wrong(name, format!("De parameter {} kent dit achtervoegsel hier niet. Laat het weg.", param.name))),
    }
}

fn vec_of<T>(all: &[&str], read: impl Fn(&str) -> T) -> Vec<T> {
    all.iter().map(|text| read(text)).collect()
}

fn tokens(name: &str, all: &[&str]) -> Result<Vec<Token>, Refusal> {
    all.iter().map(|text| Token::parse(text)).collect::<Option<_>>().ok_or_else(|| {
        wrong(name, "Dit is geen code. Gebruik systeem|code, |code, systeem| of code, met een komma tussen meer codes.")
    })
}

fn references(
    param: &Param,
    name: &str,
    kind: Option<ResourceType>,
    all: &[&str],
    options: &Options<'_>,
) -> Result<Vec<Target>, Refusal> {
    let mut targets = Vec::with_capacity(all.len());
    for text in all {
        let Some(mut target) = Target::parse(text, options.base) else {
            return Err(wrong(
                name,
                "Dit is geen verwijzing. Gebruik Soort/[id], met een komma tussen meer verwijzingen.",
            ));
        };
        if let Target::Here { kind: of, .. } = &mut target {
            // Of one possible type, a bare id is of that type.
            let only = kind.or(if let [only] = param.targets { Some(*only) } else { None });
            *of = of.take().or(only.map(|kind| kind.as_str().to_owned()));
        }
        targets.push(target);
    }
    Ok(targets)
}
