//! The nearest known word to a misspelt one (Damerau-Levenshtein distance).

/// Longer words get no suggestion: they are no typing error, and comparing them costs time.
const LONGEST: usize = 64;

/// The known word that `word` was most likely meant to be, if one is near enough:
/// at most a third of its characters may differ, and never more than three.
///
/// ```
/// use zwerm_commons::suggest::nearest;
/// assert_eq!(nearest("purpos", ["purpose", "phase"]), Some("purpose"));
/// assert_eq!(nearest("zebra", ["purpose", "phase"]), None);
/// ```
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let length = word.chars().take(LONGEST + 1).count();
    if length > LONGEST {
        return None;
    }
    let reach = (length / 3).clamp(1, 3);
    let lower = word.to_lowercase();
    known
        .into_iter()
        .filter(|k| k.len() <= LONGEST)
        .map(|k| (strsim::damerau_levenshtein(&lower, &k.to_lowercase()), k))
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, k)| k)
}
