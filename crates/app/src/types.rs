//! What a door may name of the crates below: the types that use cases take and return, and nothing else of them.
//!
//! `web`, `cli` and the API do not depend on `home`, `store`, `question` or `ledger`. So a door cannot open the registry,
//! run a question past the use cases or make an entry of the log; what it can name is listed here. The command line still
//! calls a home itself where a party adds, consents or suspends: what may be done is decided there, by the policies.

/// Of the home on disk.
pub mod home {
    pub use zwerm_home::accent;
    pub use zwerm_home::clock::Clock;
    pub use zwerm_home::config::site::{SiteConfig, logo_kind};
    pub use zwerm_home::config::{Config, Logs, default_zone, zone_of};
    pub use zwerm_home::deliveries::Delivery;
    pub use zwerm_home::files;
    pub use zwerm_home::load::{self, AgreementTarget, Stored};
    pub use zwerm_home::places::MapPlaces;
    pub use zwerm_home::proxies::ProxyHeader;
    pub use zwerm_home::release::{BuiltRelease, When};
    pub use zwerm_home::{
        Added, Addition, DataState, EnteredWord, Home, Initialised, LogFiles, PartyWord, Pen,
        WishedChange, lacking, note_words, read_public_key, read_witness, speak,
    };
}

/// Of the worked examples.
pub mod example {
    pub use zwerm_example::{DEFAULT_SEED, EXAMPLES, ExampleInfo};
}

/// Of questions and answers.
pub mod question {
    pub use zwerm_question::{OTHER, UNKNOWN};

    /// What is found in a delivery.
    pub mod delivery {
        pub use zwerm_question::delivery::{DeliveryFindings, UnlistedValue};
    }

    /// A protected answer.
    pub mod answer {
        pub use zwerm_question::answer::{
            Answer, AnswerColumn, AnswerTable, AnswerValue, ColumnKind, Marks, to_parquet,
        };
    }

    /// How far a release is being built.
    pub mod cube {
        pub use zwerm_question::cube::{BuildStep, TableTally};
    }

    /// What a question may cost.
    pub mod session {
        pub use zwerm_question::session::BuildLimits;
    }
}

/// Of files as people have them.
pub mod intake {
    pub use zwerm_intake::{Assumed, Remark, Survey, SurveyColumn};
}

/// Of the public log.
pub mod ledger {
    /// What was found wrong with a log.
    pub mod check {
        pub use zwerm_ledger::check::{Disorder, Finding};
    }

    /// What an entry is about.
    pub mod entry {
        pub use zwerm_ledger::entry::{EntryError, EntryKind, KINDS};
    }

    /// The signed notes of a log: checkpoints, and the witnesses that cosign them.
    pub mod note {
        pub use zwerm_ledger::note::{Checkpoint, LogWitness};
    }

    /// Receipts of answers, and what verifying one finds.
    pub mod receipt {
        pub use zwerm_ledger::receipt::{Fault, Receipt, ReceiptVerdict};
    }
}

/// Of the registry: rows as use cases return them.
pub mod store {
    pub use zwerm_store::StoreError;

    /// What parties say beside answers.
    pub mod answer_notes {
        pub use zwerm_store::answer_notes::AnswerNote;
    }

    /// What became of barriers.
    pub mod barriers {
        pub use zwerm_store::barriers::{BarrierEvent, BarrierStatus};
    }

    /// Forms that were not sent yet.
    pub mod drafts {
        pub use zwerm_store::drafts::Draft;
    }

    /// Entries of the log, as pages list them.
    pub mod entries {
        pub use zwerm_store::entries::{EntryFilter, EntryRow};
    }

    /// Goals that projects work towards.
    pub mod goals {
        pub use zwerm_store::goals::Goal;
    }

    /// Indicators of goals, with their figures.
    pub mod indicators {
        pub use zwerm_store::indicators::{Indicator, IndicatorFigure};
    }

    /// Invitations to take a role.
    pub mod invitations {
        pub use zwerm_store::invitations::Invitation;
    }

    /// Pages of lists.
    pub mod list {
        pub use zwerm_store::list::{ListPage, ListPlace};
    }

    /// Notices to people about what happened.
    pub mod notices {
        pub use zwerm_store::notices::Notice;
    }

    /// Words of before.
    pub mod words_before {
        pub use zwerm_store::words_before::WordsBefore;
    }

    /// Parties with their keys.
    pub mod parties {
        pub use zwerm_store::parties::RegisteredParty;
    }

    /// People with an account.
    pub mod people {
        pub use zwerm_store::people::Person;
    }

    /// Projects in words.
    pub mod projects {
        pub use zwerm_store::projects::Project;
    }

    /// Questions with what came of them.
    pub mod questions {
        pub use zwerm_store::questions::{AskedQuestion, QuestionOutcome};
    }

    /// Tasks of goals.
    pub mod tasks {
        pub use zwerm_store::tasks::{Task, TaskStatus};
    }

    /// What questions are called.
    pub mod titles {
        pub use zwerm_store::titles::{LoggedAnswer, QuestionFilter, TitleChange};
    }

    /// Who may do what for which party.
    pub mod roles {
        pub use zwerm_store::roles::PersonRole;
    }

    /// Rounds in which parties decide about a version.
    pub mod rounds {
        pub use zwerm_store::rounds::Round;
    }

    /// Questions in words.
    pub mod word_questions {
        pub use zwerm_store::word_questions::{WordQuestion, WordQuestionStatus};
    }
}
