//! The name that a user probably meant.

/// Share of a name's characters that may be wrong for another name to be suggested: a third catches slips and
/// transpositions without suggesting an unrelated word.
const MAX_WRONG_SHARE: f64 = 1.0 / 3.0;

/// The one of `names` with the fewest edits from `name`, where they are few enough to be a slip.
pub(super) fn nearest<'names>(name: &str, names: impl IntoIterator<Item = &'names str>) -> Option<&'names str> {
    names
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase()), known))
        .filter(|(edits, known)| *edits as f64 <= MAX_WRONG_SHARE * known.chars().count() as f64)
        .min()
        .map(|(_, known)| known)
}

/// `did you mean "x"?` where one of `names` is near, else what `names` there are.
pub fn suggestion(name: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(known) => format!("did you mean \"{known}\"?"),
        None => format!("known here: {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["max_workers", "min_workers", "percentile"];

    #[test]
    fn a_slip_finds_its_name_and_another_word_finds_none() {
        assert_eq!(nearest("max_worker", NAMES), Some("max_workers"));
        assert_eq!(nearest("MaxWorkers", NAMES), Some("max_workers"));
        assert_eq!(nearest("percnetile", NAMES), Some("percentile"));
        assert_eq!(nearest("colour", NAMES), None);
        assert_eq!(nearest("", NAMES), None);
    }
}
