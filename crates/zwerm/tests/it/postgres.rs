//! A home whose registry is in PostgreSQL, which goes away and comes back: a private one of Debian's programs, where it is
//! installed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::keeping::ask;
use crate::place::Place;
use crate::served::Served;
use crate::serving::BY_DISTRICT;

/// Makes a cluster, says where its socket is, stops and starts it as it is told, and clears it away when its input ends.
const SCRIPT: &str = r#"
BIN=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
folder=$(mktemp -d /tmp/zwerm-pg-XXXXXX)
"$BIN/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1 || exit 1
start() {
    "$BIN/pg_ctl" -D "$folder/data" -l "$folder/log" -w start \
        -o "-k '$folder' -c listen_addresses='' -c fsync=off" >/dev/null 2>&1
}
stop() { "$BIN/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1; }
start || exit 1
echo "$folder"
while read -r what; do "$what"; echo "done"; done
stop
rm -rf "$folder"
"#;

struct Cluster {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    socket: String,
}

impl Cluster {
    /// One that runs, or nothing after saying so.
    fn start() -> Option<Self> {
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let mut command = if is_root {
            // PostgreSQL refuses to run as root
            let mut command = Command::new("su");
            command.args(["-s", "/bin/sh", "postgres", "-c", SCRIPT]);
            command
        } else {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", SCRIPT]);
            command
        };
        let command = command.current_dir("/").stderr(Stdio::null());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut cluster = Self {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take()?),
            child,
            socket: String::new(),
        };
        cluster.socket = cluster.line();
        if cluster.socket.is_empty() {
            eprintln!("skipped: Debian's PostgreSQL is not there; `apt-get install postgresql`");
            return None;
        }
        Some(cluster)
    }

    fn tell(&mut self, what: &str) {
        writeln!(self.input.as_mut().unwrap(), "{what}").unwrap();
        assert_eq!(self.line(), "done");
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

#[test]
fn a_registry_that_is_away_is_said_to_be_away_and_used_again_once_it_is_back() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let place = Place::small_home();
    let url = format!(
        "postgres://postgres@localhost/postgres?host={}",
        cluster.socket
    );
    place.write_as_it_is("zwerm-home/zwerm.toml", format!("registry = \"{url}\"\n"));
    place.account("zwerm-home", "noor", "universiteit", &["analyst"]);
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    let answer = ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    cluster.tell("stop");
    // nobody is told that they are signed out
    let account = noor.get("/en/account").unwrap();
    assert_eq!(account.status, 503, "{}", account.body);
    assert!(
        account.body.contains("The registry cannot be reached"),
        "{}",
        account.body
    );
    assert_eq!(served.browser().get("/health").unwrap().status, 200);
    assert_eq!(served.browser().get("/ready").unwrap().status, 503);
    cluster.tell("start");
    assert_eq!(noor.get("/en/account").unwrap().status, 200);
    assert_eq!(noor.get(&answer).unwrap().status, 200);
    ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    // another database, as when its address is wrong
    cluster.tell("stop");
    drop(served);
    cluster.tell("start");
    let other = url.replace("localhost/postgres", "localhost/template1");
    place.write_as_it_is("zwerm-home/zwerm.toml", format!("registry = \"{other}\"\n"));
    let told = place
        .zwerm(&["serve", "--port", "0", "--lang", "en"])
        .told(3);
    assert!(told.contains("the registry of another home"), "{told}");
}
