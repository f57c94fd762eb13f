//! A server that somebody on the network attacks: guesses who hang up, requests that are half sent, forms that are none of ours.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::place::Place;
use crate::served::{PASSWORD, Served, read_page};

/// Sends a request by hand, and reads what comes back.
fn by_hand(served: &Served, head: &str, body: &str) -> crate::served::Page {
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream
        .write_all(format!("{head}\r\n{body}").as_bytes())
        .unwrap();
    read_page(stream).unwrap()
}

fn sign_in_head(served: &Served, forwarded: &[&str], length: usize) -> String {
    let lines: String = forwarded
        .iter()
        .map(|line| format!("x-forwarded-for: {line}\r\n"))
        .collect();
    format!(
        "POST /en/sign-in HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n{lines}",
        served.address
    )
}

#[test]
fn a_guess_counts_also_of_whoever_hangs_up_and_whatever_they_write_in_a_header() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    // each gone before it is answered, and each with a line of its own above the proxy's
    let hang_up = |n: usize| {
        let body = format!("csrf=&login=iemand{n}&password=geraden-of-niet");
        let invented = format!("198.51.100.{}", n % 250);
        let head = sign_in_head(&served, &[&invented, "203.0.113.9:4711"], body.len());
        let mut stream = TcpStream::connect(served.address).unwrap();
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .unwrap();
        sleep(Duration::from_millis(30));
    };
    let body = format!("csrf=&login=noor&password={PASSWORD}");
    let until = Instant::now() + Duration::from_secs(60);
    let (mut status, mut sent) = (0, 0);
    while status != 429 && Instant::now() < until {
        (sent..sent + 10).for_each(hang_up);
        sent += 10;
        let head = sign_in_head(&served, &["198.51.100.77", "203.0.113.9"], body.len());
        status = by_hand(&served, &head, &body).status;
    }
    assert_eq!(status, 429);
    // and nobody else pays for it
    let head = sign_in_head(&served, &["203.0.113.10:1"], body.len());
    let page = by_hand(&served, &head, &body);
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[test]
fn requests_that_are_half_sent_do_not_keep_a_server_that_is_to_stop() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let half_body = sign_in_head(&served, &[], 100) + "\r\ncsrf=";
    let halves = ["GET / HTTP/1.1\r\nhost: x\r\n", half_body.as_str()];
    let open: Vec<TcpStream> = halves
        .iter()
        .map(|half| {
            let mut stream = TcpStream::connect(served.address).unwrap();
            stream.write_all(half.as_bytes()).unwrap();
            stream
        })
        .collect();
    assert_eq!(served.browser().get("/health").unwrap().status, 200);
    let asked = Instant::now();
    served.ask_to_stop();
    assert_eq!(served.wait(), 0);
    assert!(
        asked.elapsed() < Duration::from_secs(40),
        "{:?}",
        asked.elapsed()
    );
    drop(open);
}

#[test]
fn a_form_that_is_none_of_ours_is_not_kept_for_whoever_signs_in() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    for (form, is_kept) in [
        ("/nergens", false),
        ("/projects/x/ask/y", false),
        ("/barriers", true),
    ] {
        let mut noor = served.browser();
        let fields = [
            ("login", "noor"),
            ("password", PASSWORD),
            ("form", form),
            ("kept:reason", "niet kwijtraken"),
        ];
        let page = noor.post("/en/sign-in", &fields).unwrap();
        assert_eq!(page.status, 303, "{}", page.body);
        assert_eq!(page.leads_to() == format!("/en{form}"), is_kept, "{form}");
    }
    let account = served.signed_in("noor").get("/en/account").unwrap().body;
    assert!(
        account.contains("a barrier") && !account.contains("a form"),
        "{account}"
    );
}
