//! Listening, and stopping without losing a request.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::time::MissedTickBehavior;
use zwerm_app::error::AppError;
use zwerm_app::keep::retention;
use zwerm_app::site::Site;
use zwerm_app::types::home::Config;

use crate::http::connection;
use crate::share::map::Maps;
use crate::{Web, routes};

/// How long requests that were begun may take once the server is to stop: one that never ends must not keep it.
const FINISH_WITHIN: Duration = Duration::from_secs(30);

/// A server that listens, and does not answer yet.
pub struct ListeningServer {
    listener: TcpListener,
    router: Router,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Listens at the address of the configuration.
pub async fn serve(site: Site, config: Config) -> Result<ListeningServer, AppError> {
    let place = format!("{}:{}", config.address, config.port);
    let listener = TcpListener::bind(&place).await;
    let listener = listener.map_err(AppError::at(place.as_ref()))?;
    let address = listener
        .local_addr()
        .map_err(AppError::at(place.as_ref()))?;
    let web = Arc::new(Web {
        maps: Maps::read(&site.places),
        public_pages: crate::http::public_page::PublicPages::default(),
        drawn: crate::site::home::DrawnLog::default(),
        site,
        config,
        keeps: routes::keeps,
        metrics: crate::http::metrics::Metrics::default(),
    });
    tokio::spawn(look_after(Arc::clone(&web)));
    tokio::spawn(follow(Arc::clone(&web)));
    Ok(ListeningServer {
        listener,
        router: routes::router(web),
        address,
    })
}

impl ListeningServer {
    /// Answers until `stop` is done; then those that were begun are finished, for 30 seconds at most.
    pub async fn until(self, stop: impl Future<Output = ()> + Send + 'static) {
        let open = GracefulShutdown::new();
        let mut stop = pin!(stop);
        loop {
            let (stream, peer) = tokio::select! {
                taken = connection::next(&self.listener) => taken,
                () = &mut stop => break,
            };
            let app = self.router.clone();
            tokio::spawn(connection::answer(stream, peer, app, open.watcher()));
        }
        drop(self.listener);
        if tokio::time::timeout(FINISH_WITHIN, open.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("stopped while some requests were not done");
        }
    }
}

/// Has the home look after itself, at once and from time to time.
async fn look_after(web: Arc<Web>) {
    let mut hours = tokio::time::interval(retention::EVERY);
    loop {
        hours.tick().await;
        retention::look_after(&web.site).await;
    }
}

/// Has the registry follow the log.
async fn follow(web: Arc<Web>) {
    let mut often = tokio::time::interval(retention::FOLLOWED_EVERY);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        retention::follow(&web.site).await;
    }
}
