//! A home that is served, and a browser of our own that speaks to it over a socket.

use std::fs::File;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::place::{Place, Run};

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "een-zin-die-niemand-raadt";
/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running `zwerm serve`; killed when it is dropped.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Served {
    /// Serves the home of a place at a free port, and waits until it listens.
    pub(crate) fn start(place: &Place) -> Self {
        Self::start_at(place, "zwerm-home")
    }

    /// The same for a home in another folder.
    pub(crate) fn start_at(place: &Place, home: &str) -> Self {
        let log = place.path("serve.log");
        let mut options = File::options();
        let stderr = options.create(true).append(true).open(&log).unwrap();
        let mut command = place.command(&["serve", "--home", home, "--port", "0", "--lang", "en"]);
        let mut child = command.stderr(stderr).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let told = out
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains("http://"));
        let told = told.unwrap_or_else(|| panic!("{}", std::fs::read_to_string(&log).unwrap()));
        let address = told
            .split("http://")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap();
        Self {
            child,
            address: address.parse().unwrap(),
            log,
        }
    }

    /// What it wrote to stderr, in all its lives.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Pulls its plug.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does.
    pub(crate) fn ask_to_stop(&self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits until it stopped; its exit code.
    pub(crate) fn wait(mut self) -> i32 {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it did not stop:\n{}", self.log());
    }

    /// Somebody who looks.
    pub(crate) fn browser(&self) -> Browser {
        Browser {
            address: self.address,
            cookie: None,
            csrf: String::new(),
            from: None,
        }
    }

    /// Somebody who signed in.
    pub(crate) fn signed_in(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.sign_in(login, PASSWORD).unwrap();
        assert_eq!(page.status, 303, "{}", page.body);
        browser
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // it may have stopped already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Page {
    /// The value of a header, by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Where it leads on to.
    pub(crate) fn leads_to(&self) -> &str {
        self.header("location")
            .unwrap_or_else(|| panic!("{}: {}", self.status, self.body))
    }

    /// The text of an element, by how it begins.
    pub(crate) fn text_of(&self, tag: &str) -> String {
        let (_, rest) = self
            .body
            .split_once(tag)
            .unwrap_or_else(|| panic!("{tag}: {}", self.body));
        let (_, rest) = rest.split_once('>').unwrap();
        let (text, _) = rest.split_once("</").unwrap();
        let signs = [
            ("&#34;", "\""),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&#38;", "&"),
            ("&amp;", "&"),
        ];
        signs
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }
}

/// Somebody with a browser, that keeps one cookie.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    address: SocketAddr,
    pub(crate) cookie: Option<String>,
    pub(crate) csrf: String,
    /// What a proxy would say of where they are.
    pub(crate) from: Option<String>,
}

impl Browser {
    /// Moves to where the home is served now.
    pub(crate) fn move_to(&mut self, served: &Served) {
        self.address = served.address;
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Page> {
        self.request("GET", path, "")
    }

    /// Sends a form, with the session's token.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let csrf = self.csrf.clone();
        let own = [("csrf", csrf.as_str())];
        let fields = own.iter().chain(fields);
        let pairs = fields.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        self.request("POST", path, &pairs.collect::<Vec<_>>().join("&"))
    }

    pub(crate) fn sign_in(&mut self, login: &str, password: &str) -> Result<Page> {
        let page = self.post("/en/sign-in", &[("login", login), ("password", password)])?;
        if page.status == 303 {
            let account = self.get("/en/account")?;
            let (_, rest) = account.body.split_once("name=\"csrf\" value=\"").unwrap();
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        Ok(page)
    }

    /// Opens a connection and sends a request whole; what comes back is still to be read.
    pub(crate) fn send(&self, method: &str, path: &str, body: &str) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut text = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
            self.address
        );
        if let Some(cookie) = &self.cookie {
            text += &format!("cookie: {cookie}\r\n");
        }
        if let Some(from) = &self.from {
            text += &format!("x-forwarded-for: {from}\r\n");
        }
        if method == "POST" {
            text += "sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\n";
            text += &format!("content-length: {}\r\n", body.len());
        }
        stream.write_all(format!("{text}\r\n{body}").as_bytes())?;
        Ok(stream)
    }

    fn request(&mut self, method: &str, path: &str, body: &str) -> Result<Page> {
        let page = read_page(self.send(method, path, body)?)?;
        if let Some(cookie) = page.header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        Ok(page)
    }
}

/// Reads an answer to its end; one that breaks off is an error.
pub(crate) fn read_page(mut stream: TcpStream) -> Result<Page> {
    let broken = || Error::from(ErrorKind::UnexpectedEof);
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(Error::other)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let mut page = Page {
        status: status.ok_or_else(broken)?,
        headers: headers.collect(),
        body: body.to_owned(),
    };
    if page.header("transfer-encoding") == Some("chunked") {
        page.body = unchunked(body).ok_or_else(broken)?;
    } else if let Some(length) = page
        .header("content-length")
        .and_then(|n| n.parse::<usize>().ok())
        && page.body.len() != length
    {
        return Err(broken());
    }
    Ok(page)
}

fn unchunked(mut body: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.push_str(rest.get(..size)?);
        body = rest.get(size + 2..)?;
    }
}

fn encoded(text: &str) -> String {
    let sign = |b: u8| match b {
        b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(sign).collect()
}

impl Place {
    /// Runs the program with something on its stdin.
    pub(crate) fn zwerm_told(&self, args: &[&str], stdin: &str) -> Run {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        // a program that refuses before it reads closes its end
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        Run::of(child.wait_with_output().unwrap())
    }

    /// Makes an account with the password of everybody here.
    pub(crate) fn account(&self, home: &str, login: &str, party: &str, roles: &[&str]) {
        let mut args = vec!["user", "add", login, "--home", home, "--party", party];
        for role in roles {
            args.extend(["--role", role]);
        }
        self.zwerm_told(&args, &format!("{PASSWORD}\n")).ok();
    }

    /// The small home with an analyst of the university, a decider of the corporation and a proxy in front.
    pub(crate) fn to_serve() -> Self {
        let place = Self::small_home();
        place.write_as_it_is("zwerm-home/zwerm.toml", "behind_proxy = true\n");
        place.account("zwerm-home", "noor", "universiteit", &["analyst"]);
        place.account("zwerm-home", "lies", "universiteit", &["analyst"]);
        place.account("zwerm-home", "dirk", "corporatie", &["decider"]);
        place
    }
}
