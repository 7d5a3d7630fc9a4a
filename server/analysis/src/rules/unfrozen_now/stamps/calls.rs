//! Calls that read the clock, or make something of a moment that keeps it.

use super::{Read, Stamp, made_of, results};
use crate::facts::arguments::{argument, keyword, positional};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::clock::gives_now;
use crate::rules::unfrozen_now::grain::Grain;
use crate::rules::unfrozen_now::handed::is_put_down;

pub fn of_call(subject: &Subject<'_>, call: NodeId, depth: u32) -> Option<Stamp> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let path = subject.resolve(*func);
    let path = path.as_deref().unwrap_or_default();
    if let Some(grain) = read(subject, path, args) {
        let is_part = matches!(path, "time.strftime" | "time.ctime" | "time.asctime");
        return Some(Stamp { read: Read::Here(call), grain, is_part, names: Vec::new() });
    }
    of_function(subject, path, args, depth).or_else(|| of_method(subject, *func, args, depth)).or_else(|| {
        let called = subject.definition(*func)?.subject(subject.project);
        let stamp = results(&called, depth).filter(|stamp| !is_put_down(&called, &stamp.names))?;
        let is_here = matches!(stamp.read, Read::Here(_));
        Some(Stamp { read: if is_here { Read::Here(call) } else { stamp.read }, names: Vec::new(), ..stamp })
    })
}

/// How fine the moment is that a call reads from the clock; `None` if it reads none.
fn read(subject: &Subject<'_>, path: &str, args: &[Argument]) -> Option<Grain> {
    let day = path.rsplit('.').next().is_some_and(|last| {
        matches!(last, "localdate" | "tomorrow" | "yesterday") || (last == "today" && !is_datetime(path))
    });
    match path {
        "time.time" | "time.time_ns" => Some(Grain::Instant),
        "time.localtime" | "time.gmtime" | "time.ctime" | "time.asctime" if args.is_empty() => {
            Some(Grain::Second)
        }
        "time.strftime" if args.len() == 1 => format(subject, args.first()?.value),
        _ if !gives_now(path) => None,
        _ if day => Some(Grain::Day),
        _ => Some(Grain::Instant),
    }
}

/// `datetime.datetime.today` and `pandas.Timestamp.today` are as fine as `now`.
fn is_datetime(path: &str) -> bool {
    path.starts_with("datetime.datetime.") || path.starts_with("pandas.")
}

fn format(subject: &Subject<'_>, format: NodeId) -> Option<Grain> {
    let followed = subject.origin(format).followed(subject.project);
    Grain::of_format(followed.kind().as_str()?)
}

fn of_function(subject: &Subject<'_>, path: &str, args: &[Argument], depth: u32) -> Option<Stamp> {
    let of = |node: NodeId| made_of(subject, node, depth);
    let first = || of(args.first()?.value);
    match path {
        "builtins.str" | "builtins.repr" | "builtins.format" | "json.dumps" => first().map(Stamp::part),
        "builtins.float" | "time.localtime" | "time.gmtime" | "time.mktime" | "calendar.timegm" => first(),
        "builtins.int" | "builtins.round" | "math.floor" => first().map(|stamp| stamp.at_most(Grain::Second)),
        "builtins.dict" | "builtins.list" | "builtins.tuple" | "builtins.set" | "unittest.mock.call" => {
            args.iter().find_map(|argument| of(argument.value)).map(Stamp::part)
        }
        "time.strftime" => {
            let grain = format(subject, args.first()?.value)?;
            of(positional(args, 1)?).map(|stamp| stamp.at_most(grain))
        }
        "datetime.datetime.fromtimestamp" | "datetime.datetime.utcfromtimestamp" => first(),
        "datetime.date.fromtimestamp" => first().map(|stamp| stamp.at_most(Grain::Day)),
        "datetime.datetime.combine" => first().map(|stamp| stamp.at_most(Grain::Day)),
        "datetime.date" | "datetime.datetime" => {
            let stamps = args.iter().filter_map(|argument| of(argument.value));
            stamps.max_by_key(|stamp| stamp.grain)
        }
        _ => None,
    }
}

/// Methods that give the same moment in another form.
const SAME_MOMENT: &[&str] = &[
    "astimezone",
    "timestamp",
    "time",
    "timetz",
    "to_pydatetime",
    "naive",
    "in_timezone",
    "in_tz",
    "tz_localize",
    "tz_convert",
    "timetuple",
    "utctimetuple",
];

/// Methods that give only the date, or a part of it.
const OF_DAY: &[&str] = &[
    "date",
    "weekday",
    "isoweekday",
    "isocalendar",
    "toordinal",
    "day_name",
    "normalize",
    "to_date_string",
    "start_of",
    "end_of",
];

/// Methods of texts that keep the moment in them.
const SAME_TEXT: &[&str] = &["encode", "strip", "rstrip", "lstrip", "lower", "upper", "lstrip", "split"];

fn of_method(subject: &Subject<'_>, func: NodeId, args: &[Argument], depth: u32) -> Option<Stamp> {
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func) else { return None };
    let of = |node: NodeId| made_of(subject, node, depth);
    match attr.as_str() {
        "format" if matches!(subject.code().kind(*value), NodeKind::Str(_)) => {
            args.iter().find_map(|argument| of(argument.value)).map(Stamp::part)
        }
        "strftime" => {
            let stamp = of(*value)?;
            let grain = format(subject, argument(args, 0, "format")?)?;
            Some(stamp.at_most(grain).part())
        }
        "isoformat" => Some(precise(subject, of(*value)?, keyword(args, "timespec")).part()),
        "replace" => replaced(of(*value)?, args),
        name if OF_DAY.contains(&name) => of(*value).map(|stamp| stamp.at_most(Grain::Day)),
        name if SAME_MOMENT.contains(&name) || SAME_TEXT.contains(&name) => of(*value),
        _ => None,
    }
}

fn precise(subject: &Subject<'_>, stamp: Stamp, timespec: Option<NodeId>) -> Stamp {
    match timespec.and_then(|timespec| subject.code().kind(timespec).as_str()) {
        Some("hours") => stamp.at_most(Grain::Hour),
        Some("minutes") => stamp.at_most(Grain::Minute),
        Some("seconds") => stamp.at_most(Grain::Second),
        _ => stamp,
    }
}

/// `replace` of a moment by name, or of a text.
fn replaced(stamp: Stamp, args: &[Argument]) -> Option<Stamp> {
    let set: Vec<&str> = args
        .iter()
        .filter_map(|argument| match &argument.kind {
            ArgumentKind::Keyword(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let grain = stamp.grain.without(&set)?;
    Some(stamp.at_most(grain))
}
