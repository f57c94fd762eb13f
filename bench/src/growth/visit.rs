//! A home that is served, and a visitor who looks at its pages.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::machine;

/// A running `zwerm serve`; ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
}

/// A page that was read.
pub(crate) struct VisitedPage {
    pub(crate) seconds: f64,
}

impl Server {
    /// Serves a home, and waits until it listens.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn start(root: &Path) -> Result<Server> {
        let mut child = Command::new(machine::zwerm()?)
            .args(["serve", "--port", "0", "--lang", "en", "--home"])
            .arg(root)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start `zwerm`")?;
        let out = BufReader::new(child.stdout.take().context("no output")?);
        let told = out.lines().map_while(std::io::Result::ok);
        let mut told = told.filter_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            Some(rest.split([' ', '/']).next()?.to_owned())
        });
        let address = told.next().context("`zwerm serve` ended")?;
        Ok(Server { child, address })
    }

    /// Reads a page.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn get(&self, path: &str) -> Result<VisitedPage> {
        self.request("GET", path, "")
    }

    /// Sends a form.
    ///
    /// # Errors
    /// When it is not taken.
    pub(crate) fn post(&self, path: &str, fields: &str) -> Result<VisitedPage> {
        self.request("POST", path, fields)
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Result<VisitedPage> {
        let address = &self.address;
        // whoever brings a cookie gets a page that is made for them
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Sec-Fetch-Site: same-origin\r\nCookie: page=its-own\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let start = Instant::now();
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut page = Vec::new();
        stream.read_to_end(&mut page)?;
        let seconds = start.elapsed().as_secs_f64();
        let text = String::from_utf8_lossy(&page);
        let status = text.lines().next().unwrap_or_default();
        if !status.contains(" 200 ") {
            bail!("{method} {path}: {status}");
        }
        Ok(VisitedPage { seconds })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A text as a field of a form.
pub(crate) fn encoded(text: &str) -> String {
    let sign = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(sign).collect()
}
