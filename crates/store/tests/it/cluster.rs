//! A PostgreSQL for the tests: the one that `ZWERM_POSTGRES` names, or a private one of Debian's programs, in a folder of
//! its own and on a socket in it. That one ends when this process does, however it does.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use zwerm_store::fresh_id;

/// Makes a cluster, says where its socket is, and clears it away when its input ends.
const SCRIPT: &str = r#"
set -e
folder=$(mktemp -d /tmp/zwerm-pg-XXXXXX)
"$BIN/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1
"$BIN/pg_ctl" -D "$folder/data" -l "$folder/log" -w start -o \
    "-k '$folder' -c listen_addresses='' -c fsync=off -c max_connections=400" >/dev/null 2>&1
echo "$folder"
cat >/dev/null
"$BIN/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$folder"
"#;

/// A server in which tests make databases.
pub(crate) struct Server {
    /// The URL of a database that is there, in two parts around its name.
    before: String,
    after: String,
    name: String,
    /// Of a private cluster: ends when its input does, which is when this process does.
    keeper: Option<Child>,
}

/// A database of one test.
pub(crate) struct Database {
    pub(crate) url: String,
    name: String,
}

/// The server, or nothing after saying so, past what the test runner keeps to itself.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("ZWERM_POSTGRES") {
            return Some(Server::at(&url, None));
        }
        let found = programs().ok_or_else(|| "Debian's PostgreSQL is not there".to_owned());
        match found.and_then(start) {
            Ok(server) => Some(server),
            Err(missing) => {
                let _ = writeln!(
                    std::io::stderr(),
                    "skipped: tests of the registry on PostgreSQL: {missing}; \
                     `apt-get install postgresql`, or set ZWERM_POSTGRES to the URL of a database"
                );
                None
            }
        }
    });
    server.as_ref()
}

impl Server {
    fn at(url: &str, keeper: Option<Child>) -> Self {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (before, name) = base.rsplit_once('/').unwrap();
        let after = if query.is_empty() {
            String::new()
        } else {
            format!("?{query}")
        };
        Self {
            before: before.to_owned(),
            after,
            name: name.to_owned(),
            keeper,
        }
    }

    fn url(&self, name: &str) -> String {
        format!("{}/{name}{}", self.before, self.after)
    }

    /// Makes a database that sorts as Dutch does, where that can be had: no test may lean on one order of letters.
    pub(crate) async fn create(&self) -> Database {
        let name = format!("zwerm_test_{}", fresh_id().unwrap());
        let dutch = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'nl'";
        if self
            .tell(format!("CREATE DATABASE {name} {dutch}"))
            .await
            .is_err()
        {
            self.tell(format!("CREATE DATABASE {name}")).await.unwrap();
        }
        let url = self.url(&name);
        Database { url, name }
    }

    /// Removes it, whoever still uses it. A private cluster goes as a whole, which takes less time.
    pub(crate) async fn remove(&self, database: &Database) {
        if self.keeper.is_some() {
            return;
        }
        let name = &database.name;
        self.tell(format!("DROP DATABASE {name} WITH (FORCE)"))
            .await
            .unwrap();
    }

    async fn tell(&self, statement: String) -> Result<(), sqlx::Error> {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.url(&self.name)).await?;
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
        connection.close().await
    }
}

/// The folder of the newest PostgreSQL that is installed.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let number = |path: &PathBuf| -> Option<u32> { path.file_name()?.to_str()?.parse().ok() };
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter_map(|path| Some((number(&path)?, path.join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder)
}

fn start(folder: PathBuf) -> Result<Server, String> {
    let mut command = if is_root() {
        // PostgreSQL refuses to run as root
        let mut command = Command::new("su");
        command.args(["-s", "/bin/sh", "postgres", "-c", SCRIPT]);
        command
    } else {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT]);
        command
    };
    let command = command.env("BIN", folder).current_dir("/");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut keeper = command
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("a shell for it cannot be started: {error}"))?;
    let mut socket = String::new();
    if let Some(output) = keeper.stdout.take() {
        let _ = BufReader::new(output).read_line(&mut socket);
    }
    let socket = socket.trim();
    if socket.is_empty() {
        return Err("PostgreSQL is there and does not start".to_owned());
    }
    let url = format!("postgres://postgres@localhost/postgres?host={socket}");
    Ok(Server::at(&url, Some(keeper)))
}

fn is_root() -> bool {
    let said = Command::new("id").arg("-u").output();
    said.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
