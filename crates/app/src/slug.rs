//! Ids made of words: what a form or a file is called becomes what documents and addresses name it by.

/// Characters of an id that is made at most.
const LONGEST: usize = 40;

/// An id made of any words, which begins with `else_` where they begin with no letter. Accents go and letters stay: what
/// somebody reads in the id is what the words said.
pub(crate) fn slug(words: &str, else_: &str) -> String {
    let words: String = words.to_lowercase().chars().map(plain).collect();
    let words: Vec<&str> = words.split('-').filter(|w| !w.is_empty()).collect();
    let id: String = words.join("-").chars().take(LONGEST).collect();
    let id = id.trim_end_matches('-');
    if id.starts_with(|c: char| c.is_ascii_lowercase()) {
        id.to_owned()
    } else {
        format!("{else_}-{id}").trim_end_matches('-').to_owned()
    }
}

/// A lower-case letter as it is written without its accent; a hyphen for what is neither letter nor digit.
fn plain(letter: char) -> &'static str {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // an apostrophe or an accent of its own parts no words
        '\'' | '\u{2019}' | '\u{300}'..='\u{36f}' => "",
        _ => ascii(letter),
    }
}

/// An ASCII letter or digit as it is, and a hyphen for all else.
fn ascii(letter: char) -> &'static str {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    let place = PLAIN.find(letter);
    place
        .and_then(|place| PLAIN.get(place..=place))
        .unwrap_or("-")
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn letters_lose_their_accents_and_nothing_else() {
        for (words, id) in [
            ("Energiecoöperatie Rijnland", "energiecooperatie-rijnland"),
            (
                "Zorg & Welzijn ’t Lage Ĳsselland",
                "zorg-welzijn-t-lage-ijsselland",
            ),
            ("Cafe\u{301} Straße 7", "cafe-strasse-7"),
            ("  --  ", "partner"),
            ("2de Stichting", "partner-2de-stichting"),
            ("Δήμος", "partner"),
        ] {
            assert_eq!(slug(words, "partner"), id, "{words}");
            assert!(
                zwerm_agreement::name::is_id(&slug(words, "partner")),
                "{words}"
            );
        }
    }
}
