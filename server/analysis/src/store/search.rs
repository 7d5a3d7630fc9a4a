//! Which items of a file hold a word.

use super::File;
use crate::text::Word;

impl File {
    /// The items in whose code the word, which is of one line, stands; in file order.
    pub fn items_holding(&self, word: &Word<'_>) -> Vec<u32> {
        let text = self.text.as_str();
        let mut holding = Vec::new();
        if !self.trigrams.may_hold(word.as_str(), text) {
            return holding;
        }
        let mut from = 0;
        while let Some(at) = word.first_in(text, from) {
            let Some(index) = self.item_at(at as u32) else { break };
            let item = self.item(index);
            let is_in_code = (item.code.start..item.code.end).contains(&(at as u32));
            holding.extend(is_in_code.then_some(index));
            from = if is_in_code { item.tile.end as usize } else { at + 1 };
        }
        holding
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::{Standing, Text};

    const FILE: &str = "\
import shop

# limit of the basket
def test_first():
    assert shop.limit == shop.limit


class TestBasket:
    limits = [1]

    def test_second(self):
        pass  # no limit


# the last limit
";

    fn names_holding(word: &str, standing: Standing) -> Vec<&'static str> {
        let file = File::new("/test_a.py".into(), Arc::new(Text::new(FILE.to_owned())), Arc::default());
        let holding = file.items_holding(&Word::new(word, standing));
        holding.iter().map(|item| file.item(*item).code.slice(FILE).trim_start()).collect()
    }

    fn starts(found: &[&str]) -> Vec<String> {
        found.iter().map(|text| text.chars().take(14).collect()).collect()
    }

    #[test]
    fn an_item_is_told_once_and_only_for_its_code() {
        let found = names_holding("limit", Standing::Alone);
        assert_eq!(starts(&found), ["def test_first", "def test_secon"]);
    }

    #[test]
    fn a_word_may_be_part_of_a_name() {
        let found = names_holding("limit", Standing::InNames);
        assert_eq!(starts(&found), ["def test_first", "limits = [1]", "def test_secon"]);
    }

    #[test]
    fn what_stands_nowhere_is_held_by_none() {
        assert!(names_holding("price", Standing::Alone).is_empty());
        assert!(names_holding("imposter", Standing::Anywhere).is_empty());
    }

    #[test]
    fn it_is_what_a_search_of_each_item_finds() {
        let file = File::new("/test_a.py".into(), Arc::new(Text::new(FILE.to_owned())), Arc::default());
        for start in 0..FILE.len() {
            for end in start + 1..FILE.len().min(start + 12) {
                if FILE[start..end].contains('\n') {
                    continue;
                }
                let word = Word::new(&FILE[start..end], Standing::Alone);
                let each = (0..file.items().len() as u32).filter(|item| word.is_in(file.item_text(*item)));
                assert_eq!(file.items_holding(&word), each.collect::<Vec<_>>(), "{:?}", &FILE[start..end]);
            }
        }
    }
}
