//! Which figures count people whom another counts too, in the same quarter. The difference of two such numbers counts people,
//! so what may be shown of one figure depends on the others.

use super::Figure;

/// The people of a figure who have one of these answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct People {
    /// Of which figure.
    pub figure: Figure,
    /// Numbers of the answers.
    pub answers: &'static [u8],
}

/// All the people of one are people of another, in the same quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    /// The fewer.
    pub inner: People,
    /// The more.
    pub outer: People,
}

const fn within(inner: Figure, of: &'static [u8], outer: Figure, among: &'static [u8]) -> Within {
    Within { inner: People { figure: inner, answers: of }, outer: People { figure: outer, answers: among } }
}

/// Which people are also people of another figure, by the definitions. What follows from adding these up stands here no more.
pub const WITHIN: &[Within] = &[
    // Who has a signal is asked about from the same day; who talked since has a plan.
    within(Figure::Wait, &[0, 1, 2, 3], Figure::Coverage, &[0, 1, 2]),
    within(Figure::Wait, &[0], Figure::Coverage, &[0]),
    within(Figure::Wait, &[0, 1], Figure::Coverage, &[0]),
    within(Figure::Wait, &[2], Figure::Coverage, &[1, 2]),
    // Where the place is not known, it is not known whether it was as wished.
    within(Figure::Place, &[5], Figure::Wished, &[2]),
    // Who died without a conversation counts on that day.
    within(Figure::Late, &[3], Figure::Wished, &[0, 1, 2]),
    // Not every plan has a limit.
    within(Figure::Reasons, &[0, 1], Figure::Complete, &[0, 1, 2]),
    // A review is the last conversation.
    within(Figure::Reviewed, &[0], Figure::Complete, &[0, 1, 2]),
    within(Figure::Reviewed, &[0, 1], Figure::Complete, &[0, 1, 2]),
];

/// Figures that count the same people in the same quarters, each with answers of its own.
pub fn same(figure: Figure) -> &'static [Figure] {
    match figure {
        Figure::Wished | Figure::Place | Figure::LastMonth => &[Figure::Wished, Figure::Place, Figure::LastMonth],
        Figure::Complete | Figure::Own => &[Figure::Complete, Figure::Own],
        _ => &family(figure)[..1],
    }
}

/// The figures on whose numbers it depends what may be shown of one: itself first where it has people of others, or those that
/// count the same people; then those whose people it has some of.
pub fn family(figure: Figure) -> &'static [Figure] {
    match figure {
        Figure::Coverage => &[Figure::Coverage],
        Figure::Wait => &[Figure::Wait, Figure::Coverage],
        Figure::Dementia => &[Figure::Dementia],
        Figure::Late => &[Figure::Late, Figure::Wished, Figure::Place, Figure::LastMonth],
        Figure::Wished | Figure::Place | Figure::LastMonth | Figure::Complete | Figure::Own => same(figure),
        Figure::Emergency => &[Figure::Emergency],
        Figure::Reasons => &[Figure::Reasons, Figure::Complete, Figure::Own],
        Figure::Reviewed => &[Figure::Reviewed, Figure::Complete, Figure::Own],
    }
}

/// The figure that has all the people of this one, or some of those of an answer.
pub fn outer(figure: Figure) -> Option<Figure> {
    family(figure).iter().copied().find(|other| !same(figure).contains(other))
}

/// Does it have people of [`outer`] only where it is broken down by answer? Of those who came too late it is their cause alone
/// that says of whom it is known on which day they died.
pub fn by_answer_alone(figure: Figure) -> bool {
    figure == Figure::Late
}
