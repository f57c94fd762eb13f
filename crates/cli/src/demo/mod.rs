//! `zwerm demo`: the main job on real figures, told step by step.

pub(crate) mod example;

use std::path::{Path, PathBuf};

use clap::{ArgAction, ArgMatches, Command, value_parser};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::demo::{self, AttackOutcome, Attacks, PreparedDemo};
use zwerm_app::error::AppError;
use zwerm_app::share::ask::{AnsweredQuestion, AskRequest, ask};
use zwerm_app::types::example::DEFAULT_SEED;
use zwerm_app::types::home::{AgreementTarget, Stored, When};
use zwerm_app::types::ledger::receipt::Receipt;
use zwerm_app::types::question::session::BuildLimits;
use zwerm_app::words::number::number;

use crate::context::{Context, OutputFormat};
use crate::share::answer;
use crate::site::serve;
use crate::{failure, help, output, work};

const DEFAULT_HOME: &str = "./zwerm-demo";
const DEFAULT_PORT: u16 = 8080;

/// Who asks in the demonstration.
const PARTY: &str = "gemeente-leiden";
/// Two partners' data in one question: where tenants live, and whether their income is above the limit.
const QUESTION: &str = "SELECT wijk, boven_grens, units() AS huishoudens, avg(huur) AS huur \
                        FROM huishoudens WHERE huishoudtype = 'eenouder' GROUP BY wijk, boven_grens";

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "demo",
        lang,
        help::Help {
            about: Text::new(
                "Zie Zwerm aan het werk: een afspraak, een weigering, een beschermd antwoord en een aanval.",
                "See Zwerm at work: an agreement, a refusal, a protected answer and an attack.",
            ),
            usage: Text::new("zwerm demo [--home MAP] [--port GETAL] [--seed GETAL]", "zwerm demo [--home DIR] [--port NUMBER] [--seed NUMBER]"),
            example: "zwerm demo --home ./probeer --lang nl",
        },
    )
    .arg(
        help::option(
            "seed",
            lang,
            Text::new(
                format!("begin van het toeval voor de verzonnen huishoudens (anders {DEFAULT_SEED})"),
                format!("start of chance for the made-up households (else {DEFAULT_SEED})"),
            ),
        )
        .value_name(help::word(lang, "GETAL", "NUMBER"))
        .value_parser(value_parser!(u64)),
    )
    .arg(
        help::option(
            "no-serve",
            lang,
            Text::new(
                "stop na het verhaal; zet het huis niet op het web",
                "stop after the story; do not put the home on the web",
            ),
        )
        .action(ArgAction::SetTrue),
    )
    .arg(serve::port(lang))
}

/// Prepares a home, tells the story in it, and serves it.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    if context.format == OutputFormat::Json {
        return Err(no_json());
    }
    context.require_real_day()?;
    let root: PathBuf = if context.home_named {
        context.home.clone()
    } else {
        DEFAULT_HOME.into()
    };
    let seed = matches
        .get_one::<u64>("seed")
        .copied()
        .unwrap_or(DEFAULT_SEED);
    let prepared = demo::prepare(&root, seed, context.today, context.now)?;
    let story = DemoStory {
        context,
        prepared: &prepared,
        root: &root,
    };
    let moment = story.told()?;
    if matches.get_flag("no-serve") {
        return Ok(());
    }
    let port = matches.get_one::<u16>("port").copied();
    // the pages live on the day of the story
    let context = Context {
        now: moment,
        ..context.clone()
    };
    serve::demo(&root, port.unwrap_or(DEFAULT_PORT), &context)
}

fn no_json() -> AppError {
    AppError::usage(
        FaultCode::NotApplicable,
        Text::new(
            "`demo` vertelt een verhaal en heeft geen JSON",
            "`demo` tells a story and has no JSON",
        ),
        Text::new("gebruik `zwerm ask --json`", "use `zwerm ask --json`"),
    )
}

struct DemoStory<'a> {
    context: &'a Context,
    prepared: &'a PreparedDemo,
    root: &'a Path,
}

impl DemoStory<'_> {
    /// All of it, from the opening to what to do next; gives the moment at which it ends.
    fn told(&self) -> Result<Timestamp, AppError> {
        self.opening()?;
        let [first, .., second] = self.prepared.versions.as_slice() else {
            return Err(AppError::Internal("the example needs two versions".into()));
        };
        self.objected(first)?;
        let receipt = self.answered(second)?;
        self.attacked(second)?;
        self.one_household(second)?;
        self.verified(&receipt)?;
        self.next(second)?;
        Ok(self.moment(second))
    }

    fn tell(&self, nl: &str, en: &str) -> Result<(), AppError> {
        let text = Text::new(nl, en);
        output::write(self.context.say(&text))
    }

    fn heading(&self, step: u32, nl: &str, en: &str) -> Result<(), AppError> {
        self.tell(
            &format!("\n{step}. {nl}\n\n"),
            &format!("\n{step}. {en}\n\n"),
        )
    }

    fn opening(&self) -> Result<(), AppError> {
        let generated = &self.prepared.generated;
        let count = |n: usize| number(n as f64, 0, self.context.lang);
        let worst = generated
            .fits
            .iter()
            .map(|f| f.largest_relative_error)
            .fold(0.0, f64::max);
        let worst = number(worst * 100.0, 2, self.context.lang);
        let (all, tenants) = (count(generated.households), count(generated.delivered));
        self.tell(
            &format!(
                "Zwerm · Goedkoop scheefwonen in Leiden\n\
                 {all} SYNTHETISCHE huishoudens, gemaakt naar gepubliceerde cijfers van het CBS (grootste afwijking\n\
                 {worst}%). {tenants} daarvan huren van een corporatie. De partners zijn verzonnen.\n"
            ),
            &format!(
                "Zwerm · Higher incomes in social housing in Leiden\n\
                 {all} SYNTHETIC households, made after published figures of Statistics Netherlands (largest error\n\
                 {worst}%). {tenants} of them rent from a housing corporation. The parties are made up.\n"
            ),
        )
    }

    fn request(&self, stored: &Stored, sql: &str) -> AskRequest {
        let agreement = &stored.document.agreement;
        AskRequest {
            agreement: AgreementTarget::Id(format!("{}@{}", agreement.id, agreement.version)),
            party: PARTY.into(),
            purpose: agreement.purpose.clone(),
            sql: sql.into(),
            today: self.day(stored),
            now: self.moment(stored),
            limits: BuildLimits::default(),
        }
    }

    fn when(&self, stored: &Stored) -> When {
        When {
            today: self.day(stored),
            now: self.moment(stored),
        }
    }

    /// The moment: now, or noon of the day on which the demonstration works.
    fn moment(&self, stored: &Stored) -> Timestamp {
        let day = self.day(stored);
        let noon = Offset::UTC.to_timestamp(day.at(12, 0, 0, 0));
        match noon {
            Ok(noon) if day != self.context.today => noon,
            _ => self.context.now,
        }
    }

    fn day(&self, stored: &Stored) -> Date {
        demo::valid_day(&stored.document.agreement, self.context.today)
    }

    /// Asks, and shows the question first.
    fn asked(&self, request: &AskRequest) -> Result<Result<AnsweredQuestion, AppError>, AppError> {
        output::write(&format!("  {PARTY} > {}\n\n", request.sql))?;
        let watcher = work::Watcher::new(self.context.lang);
        let progress = |step| watcher.step(step);
        Ok(work::run(ask(
            Some(&self.prepared.home),
            request,
            &progress,
        )))
    }

    /// Shows a refusal; anything else than a refusal goes wrong.
    fn refused(&self, request: &AskRequest) -> Result<(), AppError> {
        match self.asked(request)? {
            Err(AppError::Refused(all)) => {
                output::write(&failure::refusals(&all, self.context.lang, "  "))
            }
            Err(other) => Err(other),
            Ok(_) => Err(AppError::Internal(
                "a question that must be refused was answered".into(),
            )),
        }
    }

    fn objected(&self, stored: &Stored) -> Result<(), AppError> {
        self.heading(
            1,
            "Versie 1 van de afspraak: de huurders maken overwegend bezwaar. Dan is er geen antwoord.",
            "Version 1 of the agreement: the tenants object. Then there is no answer.",
        )?;
        self.refused(&self.request(stored, QUESTION))
    }

    fn answered(&self, stored: &Stored) -> Result<Receipt, AppError> {
        self.heading(
            2,
            "Versie 2: alle vier de kanten van de tafel stemden in. De woningen zijn van de corporaties, de\n   \
             inkomens van het statistiekbureau; de partners zien elkaars gegevens niet.",
            "Version 2: all four sides of the table consented. The homes are the corporations', the incomes the\n   \
             statistics bureau's; the parties do not see each other's data.",
        )?;
        let answered = self.asked(&self.request(stored, QUESTION))??;
        output::write(&answer::table(&answered, self.context.lang))?;
        let receipt = answered.receipt;
        receipt.ok_or_else(|| AppError::Internal("an answer without a receipt".into()))
    }

    fn attacked(&self, stored: &Stored) -> Result<(), AppError> {
        self.heading(
            3,
            "Een aanval, nu uitgerekend door aparte code: welke verborgen aantallen volgen uit de rest?",
            "An attack, computed now by separate code: which hidden counts follow from the rest?",
        )?;
        let attacks = self.attacks(stored)?;
        let rows = [
            (
                Text::new(
                    "elke tabel apart, kleine aantallen weg",
                    "each table by itself, small counts hidden",
                ),
                attacks.small_only,
            ),
            (
                Text::new(
                    "elke tabel apart, met haar eigen totalen",
                    "each table by itself, with its own totals",
                ),
                attacks.one_by_one,
            ),
            (
                Text::new("Zwerm: alle tabellen samen", "Zwerm: all tables jointly"),
                attacks.jointly,
            ),
        ];
        let rows = rows.map(|(name, attack)| self.attack_row(&name, &attack));
        output::write(&output::columns(&rows))?;
        self.tell(
            "\n  Zwerm verbergt er meer dan elke tabel apart nodig heeft: geen aantal mag volgen uit alle tabellen\n  \
             samen, ook niet voor een partner die zijn eigen gegevens kent, of doordat het een heel getal moet zijn.\n",
            "\n  Zwerm hides more than each table needs by itself: no count may follow from all tables together, nor\n  \
             for a party that knows its own data, nor because it has to be a whole number.\n",
        )
    }

    /// Attacks the release, and two ways of protecting it that are not ours.
    fn attacks(&self, stored: &Stored) -> Result<Attacks, AppError> {
        let watcher = work::Watcher::new(self.context.lang);
        let progress = |step| watcher.step(step);
        let limits = BuildLimits::default();
        work::run(demo::attack(
            &self.prepared.home,
            stored,
            self.when(stored),
            &limits,
            &progress,
        ))
    }

    fn attack_row(&self, name: &Text, attack: &AttackOutcome) -> Vec<String> {
        let count = |n: usize| number(n as f64, 0, self.context.lang);
        let (derived, hidden) = (count(attack.derived), count(attack.hidden));
        let found = Text::new(
            format!("{derived:>4} van {hidden} verborgen aantallen na te rekenen"),
            format!("{derived:>4} of {hidden} hidden counts can be derived"),
        );
        vec![
            format!("  {}", self.context.say(name)),
            self.context.say(&found).to_owned(),
        ]
    }

    fn one_household(&self, stored: &Stored) -> Result<(), AppError> {
        self.heading(
            4,
            "Een vraag over één huishouden. Zwerm is geen plek om iemand op te zoeken.",
            "A question about one household. Zwerm is no place to look anybody up.",
        )?;
        let sql = "SELECT inkomen FROM huishoudens WHERE huishouden = '0f3a'";
        self.refused(&self.request(stored, sql))
    }

    fn verified(&self, receipt: &Receipt) -> Result<(), AppError> {
        self.heading(
            5,
            "Het controlebewijs van antwoord 2. Wie het heeft, gaat het na zonder ons te hoeven geloven.",
            "The receipt of answer 2. Whoever has it verifies it without having to believe us.",
        )?;
        let checks = demo::check_receipt(self.prepared, self.root, receipt)?;
        let (file, key) = (checks.file.display(), checks.key.display());
        output::write(&format!("  zwerm verify {file} --key {key}\n\n"))?;
        let in_order = |yes: bool| {
            if yes {
                ("in orde", "in order")
            } else {
                ("NIET in orde", "NOT in order")
            }
        };
        let (nl, en) = in_order(checks.as_given);
        self.tell(
            &format!(
                "  zoals gegeven: {nl}; dit antwoord op deze vraag staat in het openbare logboek\n"
            ),
            &format!("  as given: {en}; this answer to this question stands in the public log\n"),
        )?;
        let (nl, en) = in_order(checks.one_byte_changed);
        self.tell(
            &format!("  één byte veranderd, in een getal: {nl}\n"),
            &format!("  one byte changed, in a figure: {en}\n"),
        )?;
        let Some((given, changed)) = checks.by_go else {
            return Ok(());
        };
        let (given, changed) = (in_order(given), in_order(changed));
        self.tell(
            &format!(
                "  het programma van het Go-project, dat niet van ons is: {}, en veranderd: {}\n",
                given.0, changed.0
            ),
            &format!(
                "  the Go project's program, which is not ours: {}, and changed: {}\n",
                given.1, changed.1
            ),
        )
    }

    fn next(&self, stored: &Stored) -> Result<(), AppError> {
        let root = self.root.display();
        let agreement = &stored.document.agreement;
        let (id, purpose) = (&agreement.id, &agreement.purpose);
        let file = demo::file_of(&self.prepared.folder, agreement.version)?;
        let file = file.display();
        let ask = format!(
            "  zwerm ask --home {root} --agreement {id} --as {PARTY} --purpose {purpose} \\\n    \
             'SELECT huurklasse, units(), avg(inkomen) FROM huishoudens GROUP BY ROLLUP(huurklasse)'\n"
        );
        let keys = self.prepared.folder.join("keys");
        let keys = keys.display();
        let rest = format!(
            "  zwerm agreement show {id} --home {root}\n  \
             zwerm release show {id} --home {root}\n  \
             zwerm ledger show --home {root}\n  \
             zwerm ledger check --home {root}\n  \
             zwerm barriers --home {root}\n  \
             zwerm agreement suspend {id} --home {root} --as huurdersvereniging \\\n    \
             --key {keys}/huurdersvereniging.key --reason 'eerst praten'\n  \
             zwerm agreement check {file}\n"
        );
        self.tell(
            &format!(
                "\nProbeer nu zelf (`zwerm` is hier `cargo run --release --`):\n\n{ask}{rest}"
            ),
            &format!(
                "\nNow try it yourself (`zwerm` is `cargo run --release --` here):\n\n{ask}{rest}"
            ),
        )
    }
}
