//! Today's date, which the engine takes as an input.

use std::time::{SystemTime, UNIX_EPOCH};

use analysis::workspace::Date;

/// Today in UTC.
pub(crate) fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    date_of(i64::try_from(since.as_secs() / 86_400).unwrap_or_default())
}

/// The date of a day counted from 1970-01-01, after Howard Hinnant's `civil_from_days`.
fn date_of(day: i64) -> Date {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date { year: year as i32, month: month as u8, day: (day_of_year - (153 * from_march + 2) / 5 + 1) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(day: i64) -> (i32, u8, u8) {
        let Date { year, month, day } = date_of(day);
        (year, month, day)
    }

    #[test]
    fn days_become_dates() {
        assert_eq!(words(0), (1970, 1, 1));
        assert_eq!(words(-1), (1969, 12, 31));
        assert_eq!(words(11_016), (2000, 2, 29));
        assert_eq!(words(20_780), (2026, 11, 23));
        assert_eq!(words(47_540), (2100, 2, 28));
        assert_eq!(words(47_541), (2100, 3, 1));
    }
}
