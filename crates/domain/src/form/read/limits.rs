//! 4: treatment limits and the ICD.

use super::sheet::Sheet;
use super::{LimitsAs, Reading};
use crate::code::system::{DECISION, NULL_FLAVOR};
use crate::code::{Coding, IcdType, YesNoUnknown};
use crate::form::check::{FormProblem, ProblemKind};
use crate::form::{Value, question};
use crate::plan::{
    Decision, Directive, Icd, OtherLimit, OtherLimits, Party, SetBy, SourceFacts, Topic, Treatment, VALUE_IN_TEXT,
};
use crate::role::Role;

/// The linkIds of one limit.
#[derive(Debug, Clone, Copy)]
pub(in crate::form) struct LimitItems {
    /// The decision.
    pub decision: &'static str,
    /// Under which condition; not everywhere asked.
    pub condition: Option<&'static str>,
    /// Why.
    pub comment: &'static str,
}

impl LimitItems {
    /// 4g.
    pub const OTHER: Self = Self { decision: "1402", condition: None, comment: "1404" };

    /// 4a to 4f and 4i.
    pub fn of(treatment: Treatment) -> Self {
        let (decision, condition, comment) = match treatment {
            Treatment::Cpr => ("1386", Some("1001"), "1002"),
            Treatment::Ventilation => ("1387", Some("1388"), "1389"),
            Treatment::Icu => ("1390", Some("1391"), "1392"),
            Treatment::Hospital => ("1393", Some("1394"), "1395"),
            Treatment::Antibiotics => ("1396", Some("1397"), "1398"),
            Treatment::BloodProduct => ("1399", Some("1400"), "1401"),
            Treatment::IcdDeactivation => ("1005", None, "1010"),
        };
        Self { decision, condition, comment }
    }
}

/// Each decision with its code; 'otherwise' stands here without its condition.
pub(in crate::form) const IN_DECISION_ORDER: [(Decision, &str, &str); 6] = [
    (Decision::Perform, DECISION, "0"),
    (Decision::Otherwise(None), DECISION, "1"),
    (Decision::DoNot, DECISION, "2"),
    (Decision::Unknown, NULL_FLAVOR, "UNK"),
    (Decision::Undecided, NULL_FLAVOR, "ASKU"),
    (Decision::NotDiscussed, NULL_FLAVOR, "NASK"),
];

fn decision_of(coding: &Coding) -> Option<Decision> {
    IN_DECISION_ORDER.into_iter().find(|(_, system, code)| coding.is(system, code)).map(|(decision, ..)| decision)
}

impl Reading<'_> {
    pub(super) fn limits(&mut self, sheet: &Sheet<'_>) -> Result<(), Vec<FormProblem>> {
        for treatment in Treatment::ALL {
            if let Some((directive, said)) = self.directive(sheet, LimitItems::of(treatment))? {
                let topic = self.placed(directive, said);
                self.content.directives.insert(treatment, topic);
            }
        }
        if let Some((directive, said)) = self.directive(sheet, LimitItems::OTHER)? {
            // Decision 34: what is said of the treatment and why is one text.
            let source = if said { SourceFacts::default() } else { in_text() };
            let limit = OtherLimit { text: directive.comment.clone(), said_on: None, directive, source };
            self.content.other_limits = self.placed(OtherLimits(vec![limit]), true);
        }
        if let Some(present) = sheet.code::<YesNoUnknown>("1006") {
            let kind: Option<IcdType> = sheet.code("1008");
            let comment = sheet.text("1009");
            let icd = Icd {
                present,
                kind,
                comment,
                since: None,
                until: None,
                product: None,
                product_identifiers: Vec::new(),
            };
            self.content.icd = self.said(icd);
        }
        Ok(())
    }

    /// A limit, and whether its decision was answered.
    fn directive(&self, sheet: &Sheet<'_>, items: LimitItems) -> Result<Option<(Directive, bool)>, Vec<FormProblem>> {
        let answer = sheet.answers(items.decision).find_map(|a| match &a.value {
            Value::Coding(coding) => decision_of(coding),
            _ => None,
        });
        let comment = sheet.text(items.comment);
        if answer.is_none() && comment.is_none() {
            return Ok(None);
        }
        let said = answer.is_some();
        let decision = match answer {
            Some(Decision::Otherwise(_)) => Decision::Otherwise(items.condition.and_then(|c| sheet.text(c))),
            Some(decision) => decision,
            None => Decision::Unknown,
        };
        let mut directive = Directive { comment, ..Directive::of(decision) };
        directive.agreed_with.extend(self.patient_there.then_some(Party::Patient));
        directive.agreed_with.extend(self.held_by.map(Party::Professional));
        match self.ctx.limits {
            LimitsAs::Proposed => directive.proposed_by = self.author,
            LimitsAs::SetElsewhere => {
                directive.set_by = Some(SetBy::Elsewhere { by: self.author, may: self.author_may_set() });
            }
            LimitsAs::SetHere => {
                let author = self.author.ok_or_else(|| vec![nobody_sets()])?;
                directive.set_by = Some(SetBy::Here(author));
                if self.held_by != Some(author) {
                    directive.agreed_with.push(Party::Professional(author));
                }
            }
        }
        Ok(Some((directive, said)))
    }

    fn author_may_set(&self) -> Option<bool> {
        let told: Vec<bool> =
            self.content.professional(self.author?)?.specialty.iter().filter_map(Role::specialty_may_set).collect();
        if told.is_empty() { None } else { Some(told.contains(&true)) }
    }

    /// In force, or proposed; with its decision answered, or just explained.
    fn placed<T>(&self, value: T, said: bool) -> Topic<T> {
        let mut statement = self.statement(value);
        if !said {
            statement.source = in_text();
        }
        match self.ctx.limits {
            LimitsAs::Proposed => Topic { proposed: Some(statement), ..Topic::default() },
            LimitsAs::SetHere | LimitsAs::SetElsewhere => Topic::said(statement),
        }
    }
}

fn in_text() -> SourceFacts {
    SourceFacts { absent_reason: Some(VALUE_IN_TEXT.to_owned()), ..SourceFacts::default() }
}

fn nobody_sets() -> FormProblem {
    let name = question("8").map_or("8", |q| q.label);
    FormProblem {
        link_id: "8".to_owned(),
        path: "8".to_owned(),
        steps: Vec::new(),
        kind: ProblemKind::NobodySets,
        text: format!(
            "Bij ‘{name}’ (8) staat niemand, en een behandelgrens geldt alleen als iemand die vaststelt. Vul naam en functie in."
        ),
    }
}
