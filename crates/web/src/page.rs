//! What every page knows: its language, who looks at it, and where it leads.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use zwerm_agreement::agreement::{Agreement, Helix};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::types::home::SiteConfig;
use zwerm_app::types::store::people::Person;
use zwerm_app::types::store::questions::AskedQuestion;
use zwerm_app::words::capital;
use zwerm_app::words::number::number;
use zwerm_app::words::purpose::purpose;

use crate::Web;
use crate::days::in_words;
use crate::http::visit::Visit;
use crate::marks::{self, Markup, PartyMark, Stands};
use crate::names::{self, Names};

/// A line of the main menu.
pub(crate) struct MenuItem {
    pub(crate) path: &'static str,
    pub(crate) words: String,
    pub(crate) here: bool,
}

/// A page above this one.
pub(crate) struct Crumb {
    pub(crate) path: String,
    pub(crate) words: String,
}

/// What the frame of a page is made of; templates call it `page`.
pub(crate) struct Page {
    lang: Lang,
    path: String,
    title: String,
    told: Option<String>,
    visit: Visit,
    unread: u64,
    demo: bool,
    theme: bool,
    site: SiteConfig,
    /// The pages above this one, from the home page on; none on the home page itself.
    crumbs: Option<Vec<Crumb>>,
    /// The zone whose days and times are shown.
    zone: TimeZone,
    /// What the agreement that the page is about calls what texts name by id.
    names: Names,
}

impl Page {
    /// The frame of a page with this title.
    pub(crate) fn new(web: &Web, visit: &Visit, title: &Text) -> Self {
        Self {
            lang: visit.lang(),
            path: visit.path_and_query(),
            title: title.get(visit.lang()).replace('`', ""),
            told: visit.told(),
            unread: visit.unread(),
            visit: visit.clone(),
            demo: web.site.is_demo(),
            theme: web.config.theme.is_some(),
            site: web.config.site.clone(),
            crumbs: Some(Vec::new()),
            zone: web.site.clock.zone().clone(),
            names: Names::default(),
        }
    }

    /// The same about an agreement, whose names its texts then have.
    pub(crate) fn about(mut self, agreement: &Agreement) -> Self {
        self.names = Names::of(agreement);
        self
    }

    /// The same with names of its parties alone: who writes SQL needs columns and values as they are typed.
    pub(crate) fn about_parties(mut self, agreement: &Agreement) -> Self {
        self.names = Names::of_parties(agreement);
        self
    }

    /// The language, as HTML names it.
    pub(crate) fn lang(&self) -> &'static str {
        match self.lang {
            Lang::Nl => "nl",
            Lang::En => "en",
        }
    }

    /// One of two texts.
    pub(crate) fn t<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Nl => nl,
            Lang::En => en,
        }
    }

    /// A text in the page's language, as people read it who have no command line.
    pub(crate) fn say(&self, text: &Text) -> String {
        names::readable(text.get(self.lang), &self.names, self.lang)
    }

    /// What the agreement that the page is about calls something; without one, its id.
    pub(crate) fn name_of(&self, id: impl AsRef<str>) -> String {
        let id = id.as_ref();
        let name = self.names.get(id);
        name.map_or(id, |name| name.get(self.lang)).to_owned()
    }

    /// A purpose in words.
    pub(crate) fn purpose(&self, code: impl AsRef<str>) -> String {
        purpose(code.as_ref()).get(self.lang).to_owned()
    }

    /// What people call a question.
    pub(crate) fn title_of(&self, asked: &AskedQuestion) -> String {
        asked.title().get(self.lang).to_owned()
    }

    /// The beginning of a text, where a list has no room for all of it.
    pub(crate) fn excerpt(&self, text: &Text) -> String {
        excerpt(&self.say(text))
    }

    /// The same of somebody's own words.
    pub(crate) fn own_excerpt(&self, words: impl AsRef<str>) -> String {
        excerpt(words.as_ref())
    }

    /// A text as a sentence: with a capital, and one full stop at its end.
    pub(crate) fn sentence(&self, text: &Text) -> String {
        let said = self.say(text);
        let said = said.trim();
        let stop = if said.ends_with(['.', '?', '!']) {
            ""
        } else {
            "."
        };
        format!("{}{stop}", capital(said))
    }

    /// A path in the page's language.
    pub(crate) fn link(&self, path: impl AsRef<str>) -> String {
        let path = path.as_ref();
        match self.lang {
            Lang::Nl => path.to_owned(),
            Lang::En if path == "/" => "/en".to_owned(),
            Lang::En => format!("/en{path}"),
        }
    }

    /// This page in the other language.
    pub(crate) fn other_language(&self) -> String {
        match self.lang {
            Lang::Nl if self.path == "/" => "/en".to_owned(),
            Lang::Nl => format!("/en{}", self.path),
            Lang::En => self.path.clone(),
        }
    }

    /// The address of a stylesheet or script, which changes with its content.
    pub(crate) fn asset(&self, name: &str) -> String {
        crate::http::assets::address(name)
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// The same below another page.
    pub(crate) fn under(mut self, path: impl Into<String>, title: &Text) -> Self {
        let words = self.say(title);
        let crumb = Crumb {
            path: path.into(),
            words,
        };
        self.crumbs.get_or_insert_default().push(crumb);
        self
    }

    /// The same at the very top: it lies below no other page.
    pub(crate) fn at_top(mut self) -> Self {
        self.crumbs = None;
        self
    }

    pub(crate) fn has_crumbs(&self) -> bool {
        self.crumbs.is_some()
    }

    pub(crate) fn crumbs(&self) -> &[Crumb] {
        self.crumbs.as_deref().unwrap_or_default()
    }

    /// Whose site this is.
    pub(crate) fn site_name(&self) -> &str {
        self.site.name.as_deref().unwrap_or("Zwerm")
    }

    pub(crate) fn has_logo(&self) -> bool {
        self.site.logo.is_some()
    }

    pub(crate) fn contact(&self) -> Option<&str> {
        self.site.contact.as_deref()
    }

    pub(crate) fn privacy(&self) -> Option<&str> {
        self.site.privacy.as_deref()
    }

    /// The address of the municipality's own accessibility statement.
    pub(crate) fn own_accessibility(&self) -> Option<&str> {
        self.site.accessibility.as_deref()
    }

    /// The four sides, in the order in which they always come.
    pub(crate) fn sides(&self) -> [Helix; 4] {
        marks::SIDES
    }

    pub(crate) fn mark(&self, side: &Helix) -> Markup {
        marks::mark(*side)
    }

    /// The mark of the side of whoever did something; an icon for nobody in particular.
    pub(crate) fn mark_of(&self, party: &Option<PartyMark>) -> Markup {
        let side = party.as_ref().and_then(|party| party.side);
        side.map_or_else(|| marks::icon("info"), marks::mark)
    }

    /// The class of a side.
    pub(crate) fn side_class(&self, side: &Helix) -> &'static str {
        marks::side_class(*side)
    }

    pub(crate) fn icon(&self, name: &str) -> Markup {
        marks::icon(name)
    }

    /// A side by its name, with its mark.
    pub(crate) fn side(&self, side: &Helix) -> Markup {
        marks::named(Some(*side), &capital(&self.say(&side.name())))
    }

    /// A party by its name, with the mark of its side.
    pub(crate) fn party(&self, party: &PartyMark) -> Markup {
        marks::named(party.side, &self.say(&party.name))
    }

    /// A badge.
    pub(crate) fn state(&self, stands: impl Stands, words: &Text) -> Markup {
        marks::state(stands.kind(), &self.say(words))
    }

    /// A badge with words of this page.
    pub(crate) fn badge(&self, stands: impl Stands, words: &str) -> Markup {
        marks::state(stands.kind(), words)
    }

    pub(crate) fn has_theme(&self) -> bool {
        self.theme
    }

    /// The address of the stylesheet of the accent, which changes with it.
    pub(crate) fn accent(&self) -> Option<String> {
        let colour = self.site.colour()?.to_string();
        Some(format!("/assets/accent.css?{}", colour.replace('#', "")))
    }

    pub(crate) fn demo(&self) -> bool {
        self.demo
    }

    /// What was just done, to be told once.
    pub(crate) fn told(&self) -> Option<&str> {
        self.told.as_deref()
    }

    pub(crate) fn person(&self) -> Option<&Person> {
        self.visit.person()
    }

    pub(crate) fn csrf(&self) -> &str {
        self.visit.csrf()
    }

    pub(crate) fn unread(&self) -> u64 {
        self.unread
    }

    /// The main menu.
    pub(crate) fn menu(&self) -> Vec<MenuItem> {
        let mut all = vec![
            ("/goals", self.t("Opgaven", "Goals")),
            ("/projects", self.t("Projecten", "Projects")),
            ("/questions", self.t("Vragen", "Questions")),
            ("/ledger", self.t("Logboek", "Log")),
        ];
        if self.visit.keeps_data() {
            all.push(("/data", self.t("Gegevens", "Data")));
        }
        if self.visit.manages().is_ok() {
            all.push(("/people", self.t("Mensen", "People")));
        }
        if self.visit.require_running().is_ok() {
            all.push(("/parties", self.t("Partners", "Parties")));
        }
        let here = |path: &str| {
            self.path == path
                || self
                    .path
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with(['/', '?']))
        };
        let items = all.into_iter().map(|(path, words)| MenuItem {
            path,
            words: words.to_owned(),
            here: here(path),
        });
        items.collect()
    }

    /// A day in words.
    pub(crate) fn day(&self, day: &Date) -> String {
        in_words(*day, self.lang)
    }

    /// The day of a moment in words.
    pub(crate) fn day_of(&self, at: &Timestamp) -> String {
        self.day(&self.zone.to_datetime(*at).date())
    }

    /// A moment, to the minute, as clocks in the home's zone have it.
    pub(crate) fn moment(&self, at: &Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        format!("{}, {}", self.day_of(at), local.strftime("%H:%M %Z"))
    }

    /// The time of a moment, as clocks in the home's zone have it.
    pub(crate) fn clock(&self, at: &Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        local.strftime("%H:%M").to_string()
    }

    /// With a capital, as a sentence begins.
    pub(crate) fn capital(&self, words: impl AsRef<str>) -> String {
        capital(words.as_ref())
    }

    /// A code as people say it: with spaces.
    pub(crate) fn plain(&self, code: impl AsRef<str>) -> String {
        code.as_ref().replace(['_', '-'], " ")
    }

    /// A whole number.
    pub(crate) fn count(&self, n: impl std::borrow::Borrow<usize>) -> String {
        number(*n.borrow() as f64, 0, self.lang)
    }

    /// A number of rows of the registry.
    pub(crate) fn amount(&self, n: impl std::borrow::Borrow<u64>) -> String {
        number(*n.borrow() as f64, 0, self.lang)
    }
}

/// Characters of an excerpt at most.
const LONGEST_EXCERPT: usize = 160;

fn excerpt(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST_EXCERPT) else {
        return text.to_owned();
    };
    let cut = text.get(..end).unwrap_or_default();
    let whole = cut.rsplit_once(char::is_whitespace);
    format!("{}\u{a0}…", whole.map_or(cut, |(whole, _)| whole))
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_ends_with_a_whole_word() {
        assert_eq!(excerpt("Eén zin."), "Eén zin.");
        let long = "één twee ".repeat(40);
        let short = excerpt(&long);
        assert!(
            short.ends_with("twee\u{a0}…") || short.ends_with("één\u{a0}…"),
            "{short}"
        );
        assert!(short.chars().count() <= 162);
        assert_eq!(excerpt(&"x".repeat(300)).chars().count(), 162);
    }
}
