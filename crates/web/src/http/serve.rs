//! Listening, and stopping without losing a request.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::time::MissedTickBehavior;
use zwerm_app::error::AppError;
use zwerm_app::keep::retention;
use zwerm_app::site::Site;
use zwerm_app::types::home::Config;

use crate::share::table::outlines;
use crate::{Web, routes};

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
        outlines: outlines(&site.places),
        site,
        config,
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
    /// Answers until `stop` is done; then those that were begun are finished.
    pub async fn until(
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
