//! `assert expires > date.today()` with a fixed date: it holds until that date.

use super::Words;
use crate::evidence::glance;
use crate::facts::arguments::argument;
use crate::facts::code::{Argument, CompareOp};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::assertions::is_asserted;
use crate::workspace::Date;

/// Later than in so many years nobody runs these tests.
const FAR: i32 = 25;

pub struct Deadline {
    /// The comparison.
    pub at: NodeId,
    date: Date,
}

pub fn deadlines(subject: &Subject<'_>) -> Vec<Deadline> {
    let code = subject.code();
    let all = subject.body().filter_map(|at| {
        let NodeKind::Compare { left, rest } = code.kind(at) else { return None };
        let [(op, right)] = &**rest else { return None };
        let (sooner, later) = match op {
            CompareOp::Lt | CompareOp::LtE => (*left, *right),
            CompareOp::Gt | CompareOp::GtE => (*right, *left),
            _ => return None,
        };
        let date = fixed_date(subject, later)?;
        if !is_asserted(subject, at) || subject.present(sooner).is_none() {
            return None;
        }
        let today = subject.project.today.ask();
        let is_ahead = date > today && date.year - today.year < FAR;
        is_ahead.then_some(Deadline { at, date })
    });
    all.collect()
}

/// The date that an expression stands for, if it is written out.
fn fixed_date(subject: &Subject<'_>, expr: NodeId) -> Option<Date> {
    let written = subject.origin(expr);
    let followed = written.followed(subject.project);
    let stands_in = followed.subject(subject.project);
    let code = stands_in.code();
    let NodeKind::Call { args, .. } = code.kind(followed.node) else { return None };
    match stands_in.callee(followed.node)?.as_str() {
        "datetime.date" | "datetime.datetime" | "pandas.Timestamp" | "pendulum.datetime" | "arrow.Arrow" => {
            let number = |index: usize, name: &str| whole_number(&stands_in, args, index, name);
            Some(Date {
                year: i32::try_from(number(0, "year")?).ok()?,
                month: u8::try_from(number(1, "month")?).ok()?,
                day: u8::try_from(number(2, "day")?).ok()?,
            })
        }
        "datetime.date.fromisoformat" | "datetime.datetime.fromisoformat" => {
            iso_date(code.kind(args.first()?.value).as_str()?)
        }
        _ => None,
    }
}

fn whole_number(subject: &Subject<'_>, args: &[Argument], index: usize, name: &str) -> Option<i64> {
    match subject.code().kind(argument(args, index, name)?) {
        NodeKind::Int(number) => *number,
        _ => None,
    }
}

/// The date that `YYYY-MM-DD…` begins with.
fn iso_date(text: &str) -> Option<Date> {
    let mut parts = text.get(..10)?.split('-');
    let date = Date {
        year: parts.next()?.parse().ok()?,
        month: parts.next()?.parse().ok()?,
        day: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(date)
}

impl Deadline {
    pub fn words(&self, subject: &Subject<'_>) -> Words {
        let Date { year, month, day } = self.date;
        let date = format!("{year:04}-{month:02}-{day:02}");
        let written = glance(subject.source(self.at));
        (
            Confidence::Likely,
            format!("`{written}` holds until {date}."),
            "From then on this test fails every day, though nothing was changed.".to_owned(),
            "Make the date from today's (`+ timedelta(days=…)`), or hold the clock still in the test."
                .to_owned(),
        )
    }
}
