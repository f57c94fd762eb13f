//! Listening, the table of all routes, and stopping without losing a request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Redirect;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use super::failure::Failure;
use super::pages::{
    about, account, answers, ask, barriers, consent, data, goals, home, indicators, ledger,
    machine, new_project, people, projects, propose, questions, sign_in, tasks, word_questions,
};
use super::{Web, assets, attach, frame, upload};
use crate::app::config::Config;
use crate::app::error::AppError;
use crate::app::site::Site;
use crate::app::upkeep;

/// Bytes of a form at most; a document of an agreement fits.
const LARGEST_FORM: usize = 2 << 20;
/// So long a request may take: the first question builds a release.
const LONGEST_REQUEST: Duration = Duration::from_secs(900);

/// A server that listens, and does not answer yet.
pub(crate) struct Listening {
    listener: TcpListener,
    router: Router,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

/// Listens at the address of the configuration.
pub(crate) async fn serve(site: Site, config: Config) -> Result<Listening, AppError> {
    let place = format!("{}:{}", config.address, config.port);
    let listener = TcpListener::bind(&place).await;
    let listener = listener.map_err(AppError::at(place.as_ref()))?;
    let address = listener
        .local_addr()
        .map_err(AppError::at(place.as_ref()))?;
    let web = Arc::new(Web {
        site,
        config,
        metrics: super::metrics::Metrics::default(),
    });
    tokio::spawn(look_after(Arc::clone(&web)));
    Ok(Listening {
        listener,
        router: router(web),
        address,
    })
}

impl Listening {
    /// Answers until `stop` is done; then those that were begun are finished.
    pub(crate) async fn until(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), AppError> {
        let app = self
            .router
            .into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(self.listener, app).with_graceful_shutdown(stop);
        let place = self.address.to_string();
        served.await.map_err(AppError::at(place.as_ref()))
    }
}

/// Has the home look after itself, at once and from time to time.
async fn look_after(web: Arc<Web>) {
    let mut hours = tokio::time::interval(upkeep::EVERY);
    loop {
        hours.tick().await;
        upkeep::look_after(&web.site).await;
    }
}

fn router(web: Arc<Web>) -> Router {
    Router::new()
        .merge(pages())
        .nest("/en", pages())
        .route("/en/", get(|| async { Redirect::permanent("/en") }))
        .route("/assets/{version}/{name}", get(assets::get))
        .route("/assets/theme.css", get(machine::theme))
        .route("/log/{*path}", get(machine::log_file))
        .route("/health", get(machine::health))
        .route("/ready", get(machine::ready))
        .route("/metrics", get(machine::metrics))
        .fallback(|| async { Failure::NotFound })
        .method_not_allowed_fallback(|| async { Failure::Method })
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            LONGEST_REQUEST,
        ))
        .layer(CatchPanicLayer::new())
        // around all that can go wrong: each answer has its headers, and a page
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web),
            frame::frame,
        ))
        .layer(CompressionLayer::new())
        .with_state(web)
}

/// Every page, in one language.
fn pages() -> Router<Arc<Web>> {
    Router::new()
        .route("/", get(home::show))
        .route("/goals/{id}", get(goals::show))
        .route(
            "/goals/{id}/offer",
            get(tasks::offer).post(tasks::put_offer),
        )
        .route(
            "/goals/{id}/tasks/{task}",
            get(tasks::show).post(tasks::put),
        )
        .route(
            "/goals/{id}/indicators/{indicator}",
            get(indicators::show)
                .post(indicators::put)
                .layer(DefaultBodyLimit::max(attach::LARGEST)),
        )
        .route("/projects", get(projects::list))
        .route(
            "/projects/new",
            get(new_project::show).post(new_project::put),
        )
        .route("/projects/{id}", get(projects::show))
        .route(
            "/projects/{id}/question",
            get(word_questions::question).post(word_questions::put_question),
        )
        .route(
            "/projects/{id}/reply/{question}",
            get(word_questions::reply).post(word_questions::put_reply),
        )
        .route(
            "/projects/{id}/questions/{question}/take-away",
            get(word_questions::take_away).post(word_questions::put_take_away),
        )
        .route(
            "/projects/{id}/amend",
            get(propose::amend).post(propose::add_amended),
        )
        .route("/projects/{id}/ask", get(ask::show).post(ask::put))
        .route(
            "/projects/{id}/what-if",
            get(barriers::what_if).post(barriers::try_out),
        )
        .route(
            "/projects/{id}/suspend",
            get(consent::suspend).post(consent::put_suspend),
        )
        .route("/projects/{id}/versions/{version}", get(consent::show))
        .route(
            "/projects/{id}/versions/{version}/decide",
            get(consent::decide).post(consent::put),
        )
        .route(
            "/projects/{id}/versions/{version}/round",
            post(consent::open_round),
        )
        .route("/questions", get(questions::list))
        .route("/answers/{id}", get(answers::show))
        .route("/answers/{id}/{file}", get(answers::file))
        .route("/barriers", get(barriers::list).post(barriers::set))
        .route("/data", get(data::list))
        .route("/data/{party}/{dataset}", get(data::show))
        .route(
            "/data/{party}/{dataset}/deliver",
            get(data::deliver)
                .post(data::put)
                .layer(DefaultBodyLimit::max(upload::LARGEST)),
        )
        .route(
            "/data/{party}/{dataset}/withdraw",
            get(data::withdraw).post(data::put_withdraw),
        )
        .route("/ledger", get(ledger::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::put))
        .route("/sign-out", post(sign_in::out))
        .route(
            "/invitations/{token}",
            get(sign_in::invitation).post(sign_in::accept),
        )
        .route(
            "/reset/{token}",
            get(sign_in::reset).post(sign_in::put_reset),
        )
        .route("/account", get(account::show))
        .route(
            "/account/password",
            get(account::password).post(account::put_password),
        )
        .route(
            "/account/codes",
            get(account::codes).post(account::put_codes),
        )
        .route(
            "/account/key/{party}",
            get(account::key).post(account::put_key),
        )
        .route("/people", get(people::list).post(people::invite))
        .route("/people/withdraw", post(people::withdraw))
        .route(
            "/people/{person}/disable",
            get(people::disable).post(people::put_disable),
        )
        .route("/people/{person}/enable", post(people::enable))
        .route(
            "/people/{person}/roles/{party}/{role}",
            get(people::end_role).post(people::put_end_role),
        )
        .route("/about", get(about::show))
        .route("/accessibility", get(about::accessibility))
}
