//! The nearest known word to a misspelt one (Damerau-Levenshtein distance).

use crate::text::Text;

/// Longer words get no suggestion: they are not typing errors, and comparing them takes time.
const LONGEST: usize = 64;

/// The known word that `word` was most likely meant to be, if one is near enough:
/// at most a third of its characters may differ and never more than three, or only its end is missing.
///
/// ```
/// use zwerm_agreement::suggest::nearest;
/// assert_eq!(nearest("purpos", ["purpose", "phase"]), Some("purpose"));
/// assert_eq!(nearest("gemeente", ["gemeente-leiden", "phase"]), Some("gemeente-leiden"));
/// assert_eq!(nearest("zebra", ["purpose", "phase"]), None);
/// ```
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let length = word.chars().take(LONGEST + 1).count();
    if length > LONGEST {
        return None;
    }
    let reach = (length / 3).min(3);
    let lower = word.to_lowercase();
    let known: Vec<_> = known.into_iter().filter(|k| k.len() <= LONGEST).collect();
    let near = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(&lower, &k.to_lowercase()), *k));
    let nearest = near
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, k)| k);
    nearest.or_else(|| continued(&lower, &known))
}

/// What to write for a word that is not known: the nearest known one, or a choice of all.
///
/// ```
/// use zwerm_agreement::suggest::cure;
/// assert_eq!(cure("wjk", &["wijk", "inkomen"]).en, "did you mean `wijk`?");
/// assert_eq!(cure("zebra", &["wijk", "inkomen"]).en, "choose from `wijk`, `inkomen`");
/// ```
#[must_use]
pub fn cure(word: &str, known: &[&str]) -> Text {
    if let Some(near) = nearest(word, known.iter().copied()) {
        return Text::new(
            format!("bedoelt u `{near}`?"),
            format!("did you mean `{near}`?"),
        );
    }
    let known = known.join("`, `");
    Text::new(
        format!("kies uit `{known}`"),
        format!("choose from `{known}`"),
    )
}

/// The only known word that begins with what was written, if that is more than a few letters.
fn continued<'k>(lower: &str, known: &[&'k str]) -> Option<&'k str> {
    let mut longer = known
        .iter()
        .filter(|k| lower.len() >= 4 && k.starts_with(lower));
    let only = longer.next()?;
    longer.next().is_none().then_some(*only)
}
