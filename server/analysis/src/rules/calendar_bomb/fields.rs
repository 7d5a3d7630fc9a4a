//! `now.replace(month=now.month + 1)`: a field of the present, shifted or set past what the calendar has at times.

use super::Words;
use crate::evidence::glance;
use crate::facts::arguments::{argument, keyword};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::import::{Wanted, ensure_import, imported_as};
use crate::hint::Confidence;
use crate::project::Subject;

/// The fields in the order of `datetime`'s arguments.
const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];

/// A call that raises `ValueError` at times.
pub struct Impossible {
    /// The argument that goes too far.
    pub at: NodeId,
    call: NodeId,
    field: &'static str,
    kind: Kind,
}

enum Kind {
    /// The present's field plus so much; less than nothing for minus. Nothing where it is no literal.
    Shifted(Option<i64>),
    /// Set to a value that some of the other field's values do not allow.
    Set,
    /// Another month, however it is reckoned, beside the day of the present.
    DayKept,
}

pub fn impossible(subject: &Subject<'_>) -> Vec<Impossible> {
    let code = subject.code();
    (0..code.nodes.len() as u32).map(NodeId).filter_map(|call| in_call(subject, call)).collect()
}

fn in_call(subject: &Subject<'_>, call: NodeId) -> Option<Impossible> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return None };
    let found = match code.kind(*func) {
        NodeKind::Attribute { value, attr, .. } if attr == "replace" => in_replace(subject, *value, args),
        _ => in_constructor(subject, call, args),
    };
    let (field, at, kind) = found?;
    (!is_provided_for(subject, call)).then_some(Impossible { at, call, field, kind })
}

type Field = (&'static str, NodeId, Kind);

fn in_replace(subject: &Subject<'_>, base: NodeId, args: &[Argument]) -> Option<Field> {
    let given = |name: &str| keyword(args, name);
    let shifted = FIELDS.iter().find_map(|field| {
        let at = given(field)?;
        let kind = shift(subject, at, field)?;
        // The first of a month, or of a named month, is there in every year.
        let is_there = *field == "year" && (given("day").is_some() || given("month").is_some());
        (!is_there).then_some((*field, at, kind))
    });
    if shifted.is_some() {
        return shifted;
    }
    let is_present = || subject.present(base).is_some();
    match (given("month"), given("day")) {
        (Some(month), None) if wraps_month(subject, month) => {
            is_present().then_some(("month", month, Kind::DayKept))
        }
        (Some(month), None) => {
            (is_short_month(subject, month) && is_present()).then_some(("month", month, Kind::Set))
        }
        (None, Some(day)) => {
            let late = matches!(subject.code().kind(day), NodeKind::Int(Some(29..=31)));
            (late && is_present()).then_some(("day", day, Kind::Set))
        }
        _ => None,
    }
}

/// `date(now.year, now.month + 1, 1)`
fn in_constructor(subject: &Subject<'_>, call: NodeId, args: &[Argument]) -> Option<Field> {
    let path = subject.callee(call)?;
    if !matches!(
        path.as_str(),
        "datetime.date" | "datetime.datetime" | "pandas.Timestamp" | "pendulum.datetime"
    ) {
        return None;
    }
    let given = |index: usize| argument(args, index, FIELDS[index]);
    let day_kept = || {
        let (month, day) = (given(1)?, given(2)?);
        is_field_of_present(subject, Some(day), "day").then_some(())?;
        if is_short_month(subject, month) {
            return Some(("month", month, Kind::Set));
        }
        wraps_month(subject, month).then_some(("month", month, Kind::DayKept))
    };
    let shifted = FIELDS.iter().enumerate().find_map(|(index, field)| {
        let at = given(index)?;
        let kind = shift(subject, at, field)?;
        let is_of_present = |other: usize| is_field_of_present(subject, given(other), FIELDS[other]);
        let is_there = *field == "year" && !(1..=2).all(is_of_present);
        (!is_there).then_some((*field, at, kind))
    });
    shifted.or_else(day_kept)
}

fn is_field_of_present(subject: &Subject<'_>, node: Option<NodeId>, field: &str) -> bool {
    node.is_some_and(|node| match subject.code().kind(node) {
        NodeKind::Attribute { value, attr, .. } => attr == field && subject.present(*value).is_some(),
        _ => false,
    })
}

fn is_short_month(subject: &Subject<'_>, month: NodeId) -> bool {
    matches!(subject.code().kind(month), NodeKind::Int(Some(2 | 4 | 6 | 9 | 11)))
}

/// `now.month % 12 + 1`: there is always such a month, and not always such a day in it.
fn wraps_month(subject: &Subject<'_>, month: NodeId) -> bool {
    let written = subject.origin(month);
    let followed = written.followed(subject.project);
    let stands_in = followed.subject(subject.project);
    let code = stands_in.code();
    code.subtree(followed.node).any(|node| match code.kind(node) {
        NodeKind::Binary { op, left, .. } if op == "%" => {
            code.subtree(*left).any(|part| is_field_of_present(&stands_in, Some(part), "month"))
        }
        _ => false,
    })
}

/// Whether an argument is the present's own field plus or minus something, also by way of a name.
fn shift(subject: &Subject<'_>, argument: NodeId, field: &str) -> Option<Kind> {
    let written = subject.origin(argument);
    let followed = written.followed(subject.project);
    let stands_in = followed.subject(subject.project);
    let NodeKind::Binary { op, left, right } = stands_in.code().kind(followed.node) else { return None };
    let is_field = |node: NodeId| match stands_in.code().kind(node) {
        NodeKind::Attribute { value, attr, .. } => attr == field && stands_in.present(*value).is_some(),
        _ => false,
    };
    let amount = |node: NodeId| match stands_in.code().kind(node) {
        NodeKind::Int(amount) => *amount,
        _ => None,
    };
    match op.as_str() {
        "+" if is_field(*left) => Some(Kind::Shifted(amount(*right))),
        "+" if is_field(*right) => Some(Kind::Shifted(amount(*left))),
        "-" if is_field(*left) => Some(Kind::Shifted(amount(*right).map(|amount| -amount))),
        _ => None,
    }
}

/// Whether the code looks at the edge itself: a condition on the field, or a handler for the error.
fn is_provided_for(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let asks = |test: NodeId| {
        code.subtree(test).any(|node| match code.kind(node) {
            NodeKind::Attribute { attr, .. } => FIELDS.contains(&attr.as_str()),
            NodeKind::Name(name) => FIELDS.contains(&name.as_str()),
            _ => false,
        })
    };
    code.ancestors(call).any(|outer| match code.kind(outer) {
        NodeKind::If { test, .. } | NodeKind::Conditional { test, .. } => asks(*test),
        NodeKind::Try { handlers, body, .. } => {
            !handlers.is_empty() && body.iter().any(|statement| code.is_within(call, *statement))
        }
        NodeKind::With { items, .. } => {
            items.iter().any(|item| subject.callee(item.context).is_some_and(|path| path == "pytest.raises"))
        }
        _ => false,
    })
}

impl Impossible {
    pub fn words(&self, subject: &Subject<'_>) -> Words {
        let written = glance(subject.source(self.call));
        let when = self.when();
        (
            Confidence::Likely,
            format!("`{written}` raises `ValueError` {when}."),
            format!(
                "It changes the {} and keeps the rest, and there is not always such a date or time.",
                self.field
            ),
            match &self.kind {
                Kind::Shifted(_) => {
                    format!("Add a `timedelta`, or start from a fixed {}.", whole(self.field))
                }
                Kind::Set | Kind::DayKept => "Start from a fixed date, or set the day too.".to_owned(),
            },
        )
    }

    /// Whether a node lies in the call that raises.
    pub fn covers(&self, subject: &Subject<'_>, node: NodeId) -> bool {
        let code = subject.code();
        code.is_within(node, self.call) || code.is_within(self.call, node)
    }

    /// When it goes wrong.
    fn when(&self) -> String {
        let forward = !matches!(self.kind, Kind::Shifted(Some(amount)) if amount < 0);
        match (&self.kind, self.field) {
            (Kind::Shifted(_), "year") => "on 29 February".to_owned(),
            (Kind::Shifted(_), "month") if forward => {
                "at the end of the year, and on the last days of some months".to_owned()
            }
            (Kind::Shifted(_), "month") => "in January, and on the last days of some months".to_owned(),
            (Kind::Shifted(_), "day") if forward => "at the end of each month".to_owned(),
            (Kind::Shifted(_), "day") => "at the start of each month".to_owned(),
            (Kind::Shifted(_), field) if forward => format!("in the last {field} of each {}", above(field)),
            (Kind::Shifted(_), field) => format!("in the first {field} of each {}", above(field)),
            (Kind::DayKept, _) => "on the last days of some months".to_owned(),
            (Kind::Set, "month") => "on the last days of longer months".to_owned(),
            (Kind::Set, _) => "in shorter months".to_owned(),
        }
    }

    /// `now + timedelta(minutes=1)` in place of `now.replace(minute=now.minute + 1)`: the same where that works.
    pub fn fix(&self, subject: &Subject<'_>) -> Option<Fix> {
        let Kind::Shifted(Some(amount)) = self.kind else { return None };
        let code = subject.code();
        let NodeKind::Call { func, args } = code.kind(self.call) else { return None };
        let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
        if attr != "replace" || args.len() != 1 {
            return None;
        }
        let (unit, count) = match self.field {
            "year" => ("days", amount.checked_mul(365)?),
            "month" => ("days", amount.checked_mul(30)?),
            "day" => ("days", amount),
            "hour" => ("hours", amount),
            "minute" => ("minutes", amount),
            _ => ("seconds", amount),
        };
        let (timedelta, mut edits) = timedelta(subject)?;
        let sign = if count < 0 { '-' } else { '+' };
        let sum = format!("{} {sign} {timedelta}({unit}={})", subject.source(*value), count.abs());
        let is_bare = matches!(
            code.kind(code.node(self.call).parent),
            NodeKind::Assign { .. }
                | NodeKind::AnnAssign { .. }
                | NodeKind::Return(_)
                | NodeKind::Call { .. }
        );
        let text = if is_bare { sum } else { format!("({sum})") };
        edits.push(subject.path(), subject.absolute(code.range(self.call)), text);
        let title = format!("Add `{timedelta}({unit}={})`, which exists on every day", count.abs());
        let title = if count < 0 { title.replacen("Add", "Subtract", 1) } else { title };
        Some(Fix::cure(title, Applicability::Suggested, edits))
    }
}

/// How the module has `timedelta`, or the import that gives it.
fn timedelta(subject: &Subject<'_>) -> Option<(String, Edits)> {
    if let Some(module) = imported_as(&subject.module, Wanted::Plain("datetime")) {
        return Some((format!("{module}.timedelta"), Edits::new()));
    }
    ensure_import(&subject.module, Wanted::From("datetime", "timedelta"))
}

fn whole(field: &str) -> &'static str {
    if matches!(field, "hour" | "minute" | "second") { "time" } else { "date" }
}

fn above(field: &str) -> &'static str {
    match field {
        "hour" => "day",
        "minute" => "hour",
        _ => "minute",
    }
}
