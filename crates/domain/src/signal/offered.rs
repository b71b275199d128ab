//! From what was typed about instruments to what an organisation offers; everything that is wrong with it, at its field.

use super::{Asks, Instruments, Scale, scale, scales};

/// The longest name of a scale or of who says where its line is, in characters.
pub const LONGEST: usize = 200;
/// How many scales of its own an organisation may add.
pub const OWN: usize = 2;

/// A scale as a form brings it. Of one that everybody knows, name and range stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScaleGiven {
    /// Code; of an own one `own-1` and so on.
    pub code: String,
    /// It is offered. An own one is when anything of it is filled in.
    pub offered: bool,
    /// Name, of an own one.
    pub name: String,
    /// Lowest score, of an own one.
    pub lowest: String,
    /// Highest score, of an own one.
    pub highest: String,
    /// From which score on somebody counts as frail.
    pub frail_from: String,
    /// Who says so.
    pub source: String,
}

/// Which part of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScalePart {
    /// Name.
    Name,
    /// Lowest score.
    Lowest,
    /// Highest score.
    Highest,
    /// The line.
    FrailFrom,
    /// Who says so.
    Source,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unoffered {
    /// Code of the scale; absent: how the Surprise Question is asked.
    pub scale: Option<(String, ScalePart)>,
    /// Dutch sentence for the field.
    pub sentence: String,
}

/// Code of an own scale.
pub fn own_code(n: usize) -> String {
    format!("own-{n}")
}

/// What an organisation offers, as typed.
///
/// # Errors
/// Everything that is wrong with it, in the order of the form.
pub fn offered(surprise: &str, spict: bool, given: &[ScaleGiven]) -> Result<Instruments, Vec<Unoffered>> {
    let mut all = Vec::new();
    let surprise = Asks::of_code(surprise);
    if surprise.is_none() {
        all.push(Unoffered { scale: None, sentence: "Kies hoe de Surprise Question wordt gevraagd.".to_owned() });
    }
    let known = scales();
    let mut offers = Vec::new();
    for one in given {
        let made = match scale(&known, &one.code) {
            Some(known) if one.offered => line(known.clone(), one, &mut all),
            None if one.is_filled() => own(one, &mut all),
            _ => None,
        };
        offers.extend(made);
    }
    match surprise {
        Some(surprise) if all.is_empty() => Ok(Instruments { surprise, spict, scales: offers }),
        _ => Err(all),
    }
}

impl ScaleGiven {
    fn is_filled(&self) -> bool {
        [&self.name, &self.lowest, &self.highest, &self.frail_from, &self.source].iter().any(|t| !t.trim().is_empty())
    }
}

fn wrong(given: &ScaleGiven, part: ScalePart, sentence: impl Into<String>) -> Unoffered {
    Unoffered { scale: Some((given.code.clone(), part)), sentence: sentence.into() }
}

/// The line of a scale, and who says so.
fn line(scale: Scale, given: &ScaleGiven, all: &mut Vec<Unoffered>) -> Option<Scale> {
    let range = scale.lowest..=scale.highest;
    let frail_from = given.frail_from.trim().parse().ok().filter(|score| range.contains(score));
    if frail_from.is_none() {
        let sentence = format!("Vul bij {} een heel getal in van {} tot {}.", scale.name, scale.lowest, scale.highest);
        all.push(wrong(given, ScalePart::FrailFrom, sentence));
    }
    let source = text(&given.source, given, ScalePart::Source, all).unwrap_or_else(|| {
        let sentence = "Schrijf van wie deze grens is. Weet u dat niet? Schrijf dan ‘bron onbekend’.";
        all.push(wrong(given, ScalePart::Source, sentence));
        String::new()
    });
    Some(Scale { frail_from: frail_from?, source, ..scale })
}

fn own(given: &ScaleGiven, all: &mut Vec<Unoffered>) -> Option<Scale> {
    let name = text(&given.name, given, ScalePart::Name, all);
    if name.is_none() {
        all.push(wrong(given, ScalePart::Name, "Schrijf hoe dit instrument heet."));
    }
    let number = |typed: &str| typed.trim().parse::<u16>().ok();
    let (lowest, highest) = (number(&given.lowest), number(&given.highest));
    if lowest.is_none() {
        all.push(wrong(given, ScalePart::Lowest, "Vul de laagste score in, een heel getal."));
    }
    match (lowest, highest) {
        (_, None) => all.push(wrong(given, ScalePart::Highest, "Vul de hoogste score in, een heel getal.")),
        (Some(lowest), Some(highest)) if highest <= lowest => {
            let sentence = "De hoogste score is niet hoger dan de laagste. Pas één van de twee aan.";
            all.push(wrong(given, ScalePart::Highest, sentence));
        }
        _ => {}
    }
    let (lowest, highest) = (lowest?, highest.filter(|highest| lowest.is_some_and(|lowest| lowest < *highest))?);
    let name = name.unwrap_or_default();
    line(Scale { code: given.code.clone(), name, lowest, highest, frail_from: 0, source: String::new() }, given, all)
}

fn text(typed: &str, given: &ScaleGiven, part: ScalePart, all: &mut Vec<Unoffered>) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST {
        all.push(wrong(given, part, format!("Schrijf het korter: in hoogstens {LONGEST} tekens.")));
    }
    (!typed.is_empty()).then(|| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gfi(frail_from: &str, source: &str) -> ScaleGiven {
        ScaleGiven {
            code: "gfi".into(),
            offered: true,
            frail_from: frail_from.into(),
            source: source.into(),
            ..ScaleGiven::default()
        }
    }

    fn parts(given: &[ScaleGiven]) -> Vec<Option<ScalePart>> {
        let wrong = offered("double", true, given).unwrap_err();
        wrong.into_iter().map(|w| w.scale.map(|(_, part)| part)).collect()
    }

    #[test]
    fn an_organisation_offers_what_it_uses_with_its_own_line() {
        let own = ScaleGiven {
            code: own_code(1),
            name: "Eigen lijst".into(),
            lowest: "0".into(),
            highest: "10".into(),
            ..gfi("6", "werkgroep 2026")
        };
        let own = ScaleGiven { code: own_code(1), ..own };
        let left_out = ScaleGiven { offered: false, code: "cfs".into(), ..gfi("", "") };
        let empty = ScaleGiven { code: own_code(2), ..ScaleGiven::default() };
        let made = offered("single", false, &[gfi("4", "eigen beleid"), left_out, own, empty]).unwrap();
        assert_eq!((made.surprise, made.spict, made.scales.len()), (Asks::Single, false, 2));
        assert_eq!((made.scales[0].frail_from, made.scales[0].highest), (4, 15), "its range stays");
        assert!(made.scales[1].is_frail(6) && !made.scales[1].is_frail(5));
        let text = serde_json::to_string(&made).unwrap();
        assert_eq!(serde_json::from_str::<Instruments>(&text).unwrap(), made);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        assert_eq!(parts(&[gfi("16", "")]), [Some(ScalePart::FrailFrom), Some(ScalePart::Source)]);
        assert_eq!(parts(&[gfi("veel", "x")]), [Some(ScalePart::FrailFrom)]);
        let own = ScaleGiven { code: own_code(1), lowest: "5".into(), highest: "5".into(), ..ScaleGiven::default() };
        assert_eq!(parts(std::slice::from_ref(&own)), [Some(ScalePart::Name), Some(ScalePart::Highest)]);
        assert_eq!(parts(&[ScaleGiven { lowest: String::new(), ..own }])[1], Some(ScalePart::Lowest));
        assert_eq!(offered("", true, &[]).unwrap_err()[0].scale, None);
    }
}
