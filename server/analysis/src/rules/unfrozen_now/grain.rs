//! How fine a stamp is: two readings of the clock that fall into the same grain give the same stamp.

/// From coarse to fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Instant,
}

/// The fields that `replace` takes, each with the grain that it stands for.
const FIELDS: &[(&str, Grain)] = &[
    ("year", Grain::Year),
    ("month", Grain::Month),
    ("day", Grain::Day),
    ("hour", Grain::Hour),
    ("minute", Grain::Minute),
    ("second", Grain::Second),
    ("microsecond", Grain::Instant),
];

impl Grain {
    /// Of a field of a date, a time or a `struct_time`.
    pub fn of_field(name: &str) -> Option<Grain> {
        let grain = match name {
            "year" | "tm_year" => Grain::Year,
            "month" | "tm_mon" => Grain::Month,
            "day" | "tm_mday" | "tm_yday" | "tm_wday" => Grain::Day,
            "hour" | "tm_hour" => Grain::Hour,
            "minute" | "tm_min" => Grain::Minute,
            "second" | "tm_sec" => Grain::Second,
            "microsecond" => Grain::Instant,
            _ => return None,
        };
        Some(grain)
    }

    /// Of the text that `strftime` makes; `None` where the format names no part of a time.
    pub fn of_format(format: &str) -> Option<Grain> {
        let mut finest = None;
        let mut rest = format.chars();
        while let Some(c) = rest.next() {
            if c != '%' {
                continue;
            }
            let letter = rest.find(|c| !matches!(c, '-' | '_' | '0' | '#' | '^'))?;
            finest = finest.max(of_directive(letter));
        }
        finest
    }

    /// What is left of a time when `replace` sets these fields: the finest that it does not set.
    pub fn without(self, set: &[&str]) -> Option<Grain> {
        let is_set = |name: &str| set.contains(&name);
        let kept = FIELDS.iter().rev().find(|(name, grain)| *grain <= self && !is_set(name));
        kept.map(|(_, grain)| *grain)
    }

    /// When two readings close to each other differ.
    pub fn turn(self) -> &'static str {
        match self {
            Grain::Year => "at New Year",
            Grain::Month => "at the turn of a month",
            Grain::Day => "around midnight",
            Grain::Hour => "at the turn of an hour",
            Grain::Minute => "at the turn of a minute",
            Grain::Second => "at the turn of a second",
            Grain::Instant => "wherever the clock is fine enough",
        }
    }
}

fn of_directive(letter: char) -> Option<Grain> {
    let grain = match letter {
        'Y' | 'y' | 'G' | 'C' => Grain::Year,
        'm' | 'b' | 'B' | 'h' => Grain::Month,
        'd' | 'e' | 'j' | 'a' | 'A' | 'w' | 'u' | 'U' | 'W' | 'V' | 'x' | 'D' | 'F' => Grain::Day,
        'H' | 'I' | 'p' | 'k' | 'l' => Grain::Hour,
        'M' | 'R' => Grain::Minute,
        'S' | 'c' | 'X' | 'T' | 's' | 'r' => Grain::Second,
        'f' => Grain::Instant,
        _ => return None,
    };
    Some(grain)
}

#[cfg(test)]
mod tests {
    use super::Grain;

    #[test]
    fn a_format_is_as_fine_as_its_finest_part() {
        assert_eq!(Grain::of_format("%Y-%m-%d"), Some(Grain::Day));
        assert_eq!(Grain::of_format("at %-H:%M"), Some(Grain::Minute));
        assert_eq!(Grain::of_format("100%% %Z"), None);
    }

    #[test]
    fn replace_leaves_the_finest_field_that_it_does_not_set() {
        assert_eq!(Grain::Instant.without(&["microsecond"]), Some(Grain::Second));
        assert_eq!(Grain::Instant.without(&["hour", "minute", "second", "microsecond"]), Some(Grain::Day));
        assert_eq!(Grain::Day.without(&["year", "month", "day"]), None);
        assert_eq!(Grain::Instant.without(&["tzinfo"]), Some(Grain::Instant));
    }
}
