//! One connection: answered until it is closed, and not waited for when nothing comes over it.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower_http::add_extension::AddExtension;
use zwerm_app::loggable::ToLog as _;

/// How long the head of a request may take, and how long a connection may wait for the next.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// How long to wait when the system has no place for one more connection.
const BREATH: Duration = Duration::from_millis(500);

/// The next connection. When the system has no place for one, it is tried again: others close.
pub(crate) async fn next(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_connection(&error) => {}
            Err(error) => {
                tracing::warn!(error = %error.loggable(), "no connection can be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Whether the other side went away before it was taken: that is about this connection only.
fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// Answers what comes over a connection; once the server stops, what was begun and no more.
pub(crate) async fn answer(stream: TcpStream, peer: SocketAddr, app: Router, stopping: Watcher) {
    // a page goes out at once; where the system cannot do that, it goes out a little later
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(AddExtension::new(app, ConnectInfo(peer)));
    let mut http = Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    // whoever goes away, or sends what is no request, hears nothing
    let _ = stopping.watch(connection).await;
}
