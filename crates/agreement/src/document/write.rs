//! Writes a document: which key is written where. One function per kind of table, as in what reads it.
//!
//! Structs are taken apart whole, so that a key that is new here is a compile error until it is written.

use super::Document;
use super::block::{Block, Layout, Value};
use crate::agreement::{
    Agreement, Condition, Dataset, Dimension, Dominance, Embargo, Format, Mandate, Measure, Noise,
    Party, PeopleConcerned, Protection, Retention, Validity, View,
};
use crate::consent::Consent;
use crate::text::Text;

impl Document {
    /// The document as people read it: what is so without being said is left out.
    ///
    /// Reading it gives the same agreement, with the same hash, when every number in it is one that a document may have.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
    /// assert_eq!(Document::parse("again.toml", &document.to_toml())?, document);
    /// # Ok::<(), zwerm_agreement::diagnostic::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        self.to_block().to_toml(Layout::Indented)
    }

    /// The document as a block, to be given comments before it is written.
    ///
    /// ```
    /// use zwerm_agreement::{agreement::Document, document::Layout};
    /// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
    /// let mut block = document.to_block();
    /// block.above("party", "no such path, so nothing changes");
    /// assert_eq!(block.to_toml(Layout::Indented), document.to_toml());
    /// # Ok::<(), zwerm_agreement::diagnostic::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn to_block(&self) -> Block {
        let Self {
            agreement,
            consents,
        } = self;
        let mut block = self::agreement(agreement);
        items(&mut block, "consent", consents, consent);
        block
    }
}

/// A document's text with more consents at its end.
///
/// ```
/// use zwerm_agreement::{agreement::Document, document::with_consents};
/// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
/// let text = with_consents("# above them\n\n", &document.consents[..1]);
/// assert!(text.starts_with("# above them\n\n[[consent]]\nparty = \"gemeente-leiden\"\n"));
/// # Ok::<(), zwerm_agreement::diagnostic::Diagnostics>(())
/// ```
#[must_use]
pub fn with_consents(text: &str, more: &[Consent]) -> String {
    let mut block = Block::default();
    items(&mut block, "consent", more, consent);
    let (text, more) = (text.trim_end(), block.to_toml(Layout::Indented));
    if more.is_empty() {
        format!("{text}\n")
    } else {
        format!("{text}\n\n{more}")
    }
}

fn items<T>(block: &mut Block, name: &str, all: &[T], write: impl Fn(&T) -> Block) {
    for one in all {
        block.item(name, write(one));
    }
}

/// A list, where there is anything in it.
fn listed<T>(all: &[T], write: impl Fn(&T) -> Value) -> Option<Value> {
    (!all.is_empty()).then(|| Value::list(all.iter().map(write)))
}

/// A table with names of somebody's own, where there is anything in it.
fn named<'v, T: 'v>(
    all: impl IntoIterator<Item = (&'v String, &'v T)>,
    write: impl Fn(&T) -> Value,
) -> Option<Value> {
    let mut all = all.into_iter().peekable();
    all.peek()?;
    Some(Value::named(all.map(|(name, one)| (name, write(one)))))
}

fn agreement(agreement: &Agreement) -> Block {
    let Agreement {
        id,
        version,
        title,
        goal,
        purpose,
        strategy,
        phase,
        valid,
        retention,
        answers,
        about,
        party,
        dataset,
        view,
        embargo,
        protection,
        noise,
        condition,
    } = agreement;
    let (Validity { from, until }, Retention { months }) = (valid, retention);
    let mut block = Block::default();
    block.put("id", id);
    block.put("version", *version);
    block.put("title", title);
    block.put("goal", goal);
    block.put("purpose", purpose);
    block.put("strategy", strategy.as_str());
    block.put("phase", phase.as_str());
    let days = [("from", from), ("until", until)];
    let days = days.map(|(key, day)| (key, day.to_string()));
    block.put("valid", Value::table(days));
    block.put("retention", Value::table([("months", *months)]));
    block.put("answers", answers.as_str());
    block.table("about", self::about(about));
    items(&mut block, "party", party, self::party);
    items(&mut block, "dataset", dataset, self::dataset);
    items(&mut block, "view", view, self::view);
    items(&mut block, "embargo", embargo, self::embargo);
    block.table("protection", self::protection(protection));
    if let Some(noise) = noise {
        block.table("noise", self::noise(noise));
    }
    items(&mut block, "condition", condition, self::condition);
    block
}

fn about(about: &PeopleConcerned) -> Block {
    let PeopleConcerned { id, nl, en } = about;
    let mut block = Block::default();
    block.put("id", id);
    block.put("nl", nl);
    block.maybe("en", Some(en).filter(|en| *en != nl));
    block
}

fn party(party: &Party) -> Block {
    let Party {
        id,
        name,
        helix,
        role,
        for_,
        represents,
        mandate,
        may,
        public_key,
    } = party;
    let mut block = Block::default();
    block.put("id", id);
    block.maybe("name", name.as_ref());
    block.maybe("helix", helix.map(|helix| helix.as_str()));
    block.maybe("role", role.map(|role| role.as_str()));
    block.maybe("for", for_.as_ref());
    block.maybe("may", listed(may, |right| right.as_str().into()));
    block.maybe("public_key", public_key.as_ref());
    block.maybe("represents", represents.as_ref());
    block.maybe("mandate", mandate.as_ref().map(self::mandate));
    block
}

fn mandate(mandate: &Mandate) -> Value {
    let Mandate { by, on, evidence } = mandate;
    let on = on.to_string();
    Value::table([
        ("by", by.as_str()),
        ("on", on.as_str()),
        ("evidence", evidence.as_str()),
    ])
}

fn dataset(dataset: &Dataset) -> Block {
    let Dataset {
        id,
        provider,
        legal_basis,
        source,
        format,
        columns,
        rho_total,
        period,
        withheld,
    } = dataset;
    let mut block = Block::default();
    block.put("id", id);
    block.put("provider", provider);
    block.put("legal_basis", legal_basis);
    block.put("source", source);
    block.maybe("format", format.as_ref().map(self::format));
    let columns = columns.iter().map(|(name, kind)| (name, kind.as_str()));
    block.put("columns", Value::named(columns));
    block.maybe("rho_total", rho_total.map(Value::shortest));
    block.maybe("period", period.as_ref());
    block.maybe("withheld", named(withheld, |why| why.into()));
    block
}

fn format(format: &Format) -> Value {
    let Format {
        separator,
        decimal,
        thousands,
        encoding,
        sheet,
        missing,
    } = format;
    let entries = [
        ("separator", separator.map(Value::from)),
        ("decimal", decimal.map(Value::from)),
        ("thousands", thousands.map(Value::from)),
        (
            "encoding",
            encoding.map(|encoding| encoding.as_str().into()),
        ),
        ("sheet", sheet.as_ref().map(Value::from)),
        ("missing", listed(missing, |word| word.into())),
    ];
    Value::table(
        entries
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
    )
}

fn view(view: &View) -> Block {
    let View {
        name,
        label,
        unit,
        key,
        mode,
        sql,
        dimension,
        measure,
    } = view;
    let mut block = Block::default();
    block.put("name", name);
    block.maybe("label", label.as_ref());
    block.put("unit", unit);
    block.put("key", key);
    block.put("mode", mode.as_str());
    block.put("sql", sql);
    items(&mut block, "dimension", dimension, self::dimension);
    items(&mut block, "measure", measure, self::measure);
    block
}

fn dimension(dimension: &Dimension) -> Block {
    let Dimension {
        name,
        label,
        values,
        labels,
        parents,
        sensitive,
        per_unit,
        groups,
    } = dimension;
    let mut block = Block::default();
    block.put("name", name);
    block.maybe("label", label.as_ref());
    block.put("values", Value::list(values));
    block.maybe("labels", named(labels, |words: &Text| words.into()));
    block.maybe("sensitive", sensitive.then_some(true));
    block.maybe("per_unit", (!per_unit).then_some(false));
    block.maybe("parents", named(parents, |whole| whole.into()));
    block.maybe(
        "groups",
        named(groups, |values: &Vec<String>| Value::list(values)),
    );
    block
}

fn measure(measure: &Measure) -> Block {
    let Measure {
        name,
        label,
        quantity,
        lower,
        upper,
    } = measure;
    let mut block = Block::default();
    block.put("name", name);
    block.maybe("label", label.as_ref());
    block.put("quantity", quantity);
    block.put("lower", Value::shortest(*lower));
    block.put("upper", Value::shortest(*upper));
    block
}

fn embargo(embargo: &Embargo) -> Block {
    let Embargo {
        columns,
        from,
        until_sealed,
    } = embargo;
    let mut block = Block::default();
    block.put("columns", Value::list(columns));
    block.put("from", from);
    block.put("until_sealed", until_sealed);
    block
}

fn protection(protection: &Protection) -> Block {
    let Protection {
        minimum_units,
        dominance,
        p_percent,
        protect_zeros,
        round_to,
        max_dimensions,
        release_rhythm,
    } = protection;
    let mut block = Block::default();
    block.put("minimum_units", *minimum_units);
    block.maybe("dominance", dominance.as_ref().map(self::dominance));
    block.maybe("p_percent", p_percent.map(Value::plain));
    block.maybe("protect_zeros", protect_zeros.then_some(true));
    block.put("round_to", *round_to);
    block.put("max_dimensions", *max_dimensions as u64);
    block.put("release_rhythm", release_rhythm.as_str());
    block
}

fn dominance(dominance: &Dominance) -> Value {
    let Dominance { largest, percent } = dominance;
    let (largest, percent) = (Value::from(*largest), Value::plain(*percent));
    Value::table([("largest", largest), ("percent", percent)])
}

fn noise(noise: &Noise) -> Block {
    let Noise {
        rho_per_question,
        delta,
    } = noise;
    let mut block = Block::default();
    block.put("rho_per_question", Value::shortest(*rho_per_question));
    block.put("delta", Value::shortest(*delta));
    block
}

fn condition(condition: &Condition) -> Block {
    let Condition {
        text,
        enforced_by,
        promised_by,
        from_statement,
    } = condition;
    let mut block = Block::default();
    block.put("text", text);
    block.maybe("enforced_by", enforced_by.as_ref());
    block.maybe("promised_by", promised_by.as_ref());
    block.maybe("from_statement", *from_statement);
    block
}

fn consent(consent: &Consent) -> Block {
    let Consent {
        party,
        decision,
        reason,
        lifts,
        at,
        signature,
    } = consent;
    let mut block = Block::default();
    block.put("party", party);
    block.put("decision", decision.as_str());
    block.maybe("reason", reason.as_ref());
    block.maybe("lifts", lifts.as_ref());
    block.put("at", at.to_string());
    block.maybe("signature", signature.as_ref());
    block
}
