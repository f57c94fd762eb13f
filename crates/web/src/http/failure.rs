//! What a request can come to instead of a page, and with which status.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::words::fault::diagnostics;

/// Why a request was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such page.
    NotFound,
    /// The page is there, and takes nothing of this kind.
    Method,
    /// One must sign in first; what was filled in is kept for after that.
    SignIn(Option<Unsent>),
    /// Whoever asks may not.
    Forbidden(Text),
    /// The request is not one of our own pages'.
    Foreign,
    /// The demonstration was called by the name of another site.
    ForeignName,
    /// What was sent cannot be read.
    Unreadable(Text),
    /// More than is taken.
    TooLarge,
    /// Whoever asks did so too often in a short time.
    TooMany,
    /// It took too long, or a step of the program gave up.
    Broken(StatusCode),
    /// The use case did not do its work.
    App(AppError),
}

/// A form that could not be sent on.
#[derive(Debug, Clone)]
pub(crate) struct Unsent {
    /// Where it belongs.
    pub(crate) form: String,
    /// What was filled in.
    pub(crate) fields: Vec<(String, String)>,
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<zwerm_app::types::store::StoreError> for Failure {
    fn from(error: zwerm_app::types::store::StoreError) -> Self {
        Self::App(error.into())
    }
}

impl Failure {
    /// The status that goes with it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::SignIn(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::Foreign => StatusCode::FORBIDDEN,
            Self::ForeignName => StatusCode::MISDIRECTED_REQUEST,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken(status) => *status,
            Self::App(error) => match error {
                AppError::Refused(_) | AppError::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
                AppError::Limit { .. } | AppError::Interrupted | AppError::Away => {
                    StatusCode::SERVICE_UNAVAILABLE
                }
                AppError::Environment { .. }
                | AppError::Damaged { .. }
                | AppError::Internal(_)
                | AppError::Reported => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    /// What it is called.
    pub(crate) fn title(&self) -> Text {
        match self {
            Self::NotFound => Text::new("Deze pagina bestaat niet", "This page does not exist"),
            Self::Method => Text::new("Dit kan hier niet", "This cannot be done here"),
            Self::SignIn(_) => Text::new("Meld u eerst aan", "Sign in first"),
            Self::Forbidden(_) => Text::new("Dit mag u niet", "You may not do this"),
            Self::Foreign => Text::new(
                "Dit verzoek komt niet van onze pagina",
                "This request is not from our page",
            ),
            Self::ForeignName => Text::new("Dit is een ander adres", "This is another address"),
            Self::Unreadable(_) => Text::new("Dit is niet te lezen", "This cannot be read"),
            Self::TooLarge => Text::new("Dit is te groot", "This is too large"),
            Self::TooMany => Text::new("Even geduld", "Too many requests"),
            Self::App(AppError::Refused(_)) => Text::new("Geweigerd", "Refused"),
            Self::App(AppError::Wrong(_)) => {
                Text::new("Dit klopt nog niet", "This is not in order yet")
            }
            Self::Broken(_) | Self::App(_) => Text::new("Er ging iets mis", "Something went wrong"),
        }
    }

    /// What is wrong and what to do, but for refusals.
    pub(crate) fn told(&self) -> Vec<Diagnostic> {
        match self {
            Self::SignIn(_) => Vec::new(),
            Self::NotFound | Self::Method => told(
                FaultCode::NotFound,
                (
                    "Het adres klopt niet, of de pagina is weg.",
                    "The address is wrong, or the page is gone.",
                ),
                ("Ga naar de startpagina.", "Go to the home page."),
            ),
            Self::Forbidden(why) => one(
                FaultCode::NotPermitted,
                why.clone(),
                Text::new(
                    "Vraag wie dit regelt om de rol, of meld u aan als iemand anders.",
                    "Ask whoever arranges this for the role, or sign in as somebody else.",
                ),
            ),
            Self::Foreign => told(
                FaultCode::Stale,
                (
                    "Uw browser zegt dat het formulier van een andere site kwam, of het is verlopen.",
                    "Your browser says that the form came from another site, or it has expired.",
                ),
                (
                    "Open de pagina opnieuw en stuur het formulier nog eens. Er is niets gebeurd.",
                    "Open the page again and send the form once more. Nothing happened.",
                ),
            ),
            Self::ForeignName => told(
                FaultCode::NotPermitted,
                (
                    "De demonstratie werkt alleen op de computer waarop die draait.",
                    "The demonstration works only on the computer that runs it.",
                ),
                (
                    "Open die als `localhost`, of op het adres dat bij het starten is genoemd.",
                    "Open it as `localhost`, or at the address that was named when it started.",
                ),
            ),
            Self::Unreadable(what) => one(
                FaultCode::Unreadable,
                what.clone(),
                Text::new("Stuur het opnieuw.", "Send it again."),
            ),
            Self::TooLarge => told(
                FaultCode::TooLarge,
                (
                    "Het is meer dan wij aannemen.",
                    "It is more than we accept.",
                ),
                (
                    "Maak het kleiner, of vraag de beheerder om hulp.",
                    "Make it smaller, or ask the administrator for help.",
                ),
            ),
            Self::TooMany => told(
                FaultCode::TooBusy,
                (
                    "Er kwamen te veel verzoeken achter elkaar.",
                    "Too many requests came one after another.",
                ),
                (
                    "Wacht een kwartier en probeer het opnieuw.",
                    "Wait a quarter of an hour and try again.",
                ),
            ),
            Self::Broken(_) => step_failed(),
            Self::App(error) => of_use_case(error),
        }
    }
}

/// What a use case says of its failure, without what only whoever runs the machine may know.
fn of_use_case(error: &AppError) -> Vec<Diagnostic> {
    match error {
        // where files lie is for whoever runs the machine, in its log
        AppError::Environment { source, .. } => one(
            FaultCode::System,
            Text::new(
                format!("Het systeem kon niet lezen of schrijven: {source}."),
                format!("The system could not read or write: {source}."),
            ),
            Text::new(
                "Er is niets half gedaan. Vertel het de beheerder en probeer het later opnieuw.",
                "Nothing is half done. Tell the administrator and try again later.",
            ),
        ),
        AppError::Damaged { what, cure, .. } => one(FaultCode::Damaged, what.clone(), cure.clone()),
        AppError::Internal(_) => step_failed(),
        error => diagnostics(error),
    }
}

fn step_failed() -> Vec<Diagnostic> {
    told(
        FaultCode::Internal,
        (
            "Een stap in het programma ging mis. Dit is onze fout.",
            "A step of the program failed. This is our fault.",
        ),
        (
            "Er is niets half gedaan. Vertel het de beheerder; die ziet in de logs wat er misging.",
            "Nothing is half done. Tell the administrator, who sees in the logs what went wrong.",
        ),
    )
}

/// One fault in fixed words, each in Dutch and in English.
fn told(code: FaultCode, what: (&str, &str), cure: (&str, &str)) -> Vec<Diagnostic> {
    one(code, Text::new(what.0, what.1), Text::new(cure.0, cure.1))
}

fn one(code: FaultCode, what: Text, cure: Text) -> Vec<Diagnostic> {
    vec![Diagnostic::new(code, what, cure)]
}

impl IntoResponse for Failure {
    /// A bare response that carries the failure; `visit` makes a page of it, which knows the language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if self.status() == StatusCode::TOO_MANY_REQUESTS {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("900"));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
