//! Takes a desk and a port of this machine, gives the page that a reviewer decides on, and takes the decisions. Only whoever has the
//! token of the printed address is served anything; requests that name another host are refused, and decisions that come from
//! another page's origin.
//!
//! The page's own files lie in `web`; they are compiled in. Nothing of an article ever is in them: it comes as JSON, and the
//! page's policy lets no script run that is not one of these files.

mod files;
mod guard;
mod routes;
mod view;

use super::desk::Desk;
use std::future::{Future, IntoFuture};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// How long requests that are under way at the end are waited for.
const GRACE: Duration = Duration::from_secs(1);

/// A page that is ready to be served.
pub struct Server {
    listener: TcpListener,
    address: String,
    token: String,
}

impl Server {
    /// Takes a port of the loopback interface; with 0 any that is free. The token is made here, of 128 random bits.
    ///
    /// # Errors
    /// When the port can't be had.
    pub fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let address = listener.local_addr()?.to_string();
        Ok(Self { listener, address, token })
    }

    /// The address to open, token and all.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/{}/", self.address, self.token)
    }

    /// Serves `desk` until `end` comes, and lets what is under way finish, if it does so soon.
    ///
    /// # Errors
    /// When the system lets it serve no longer.
    pub async fn serve(self, desk: Arc<Desk>, end: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let port = self.listener.local_addr()?.port();
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let router = routes::router(desk, guard::Guard::new(&self.token, port));
        let (tell, told) = oneshot::channel::<()>();
        let stop = async move {
            // Whoever would tell being gone means the same.
            let _ = told.await;
        };
        let serving = axum::serve(listener, router).with_graceful_shutdown(stop).into_future();
        tokio::select! {
            served = serving => served,
            () = async { end.await; let _ = tell.send(()); sleep(GRACE).await } => Ok(()),
        }
    }
}
