//! What is counted for whoever watches the machine, in Prometheus' text format. Nothing of it is about a person.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;

/// Upper bounds in seconds.
const BUCKETS: [f64; 8] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Counters since the start.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    by_class: [AtomicU64; 5],
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

impl Metrics {
    /// Counts an answer.
    pub(crate) fn count(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.by_class.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let seconds = took.as_secs_f64();
        for (bound, counter) in BUCKETS.iter().zip(&self.buckets) {
            if seconds <= *bound {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// All of them as text.
    pub(crate) fn to_text(&self, log_size: u64) -> String {
        let value = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mut text = String::from(
            "# HELP zwerm_http_responses_total Answers by class of status.\n\
             # TYPE zwerm_http_responses_total counter\n",
        );
        for (class, counter) in (1..).zip(&self.by_class) {
            let n = value(counter);
            let _ = writeln!(
                text,
                "zwerm_http_responses_total{{class=\"{class}xx\"}} {n}"
            );
        }
        text.push_str(
            "# HELP zwerm_http_seconds How long an answer took.\n\
             # TYPE zwerm_http_seconds histogram\n",
        );
        for (bound, counter) in BUCKETS.iter().zip(&self.buckets) {
            let n = value(counter);
            let _ = writeln!(text, "zwerm_http_seconds_bucket{{le=\"{bound}\"}} {n}");
        }
        let count = value(&self.count);
        let seconds = value(&self.micros) as f64 / 1e6;
        let _ = writeln!(text, "zwerm_http_seconds_bucket{{le=\"+Inf\"}} {count}");
        let _ = writeln!(text, "zwerm_http_seconds_sum {seconds}");
        let _ = writeln!(text, "zwerm_http_seconds_count {count}");
        let _ = write!(
            text,
            "# HELP zwerm_log_entries Entries in the public log.\n\
             # TYPE zwerm_log_entries gauge\nzwerm_log_entries {log_size}\n"
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_class_and_by_time() {
        let metrics = Metrics::default();
        metrics.count(StatusCode::OK, Duration::from_millis(3));
        metrics.count(StatusCode::NOT_FOUND, Duration::from_secs(9));
        let text = metrics.to_text(7);
        assert!(text.contains("zwerm_http_responses_total{class=\"2xx\"} 1\n"));
        assert!(text.contains("zwerm_http_responses_total{class=\"4xx\"} 1\n"));
        assert!(text.contains("zwerm_http_seconds_bucket{le=\"0.005\"} 1\n"));
        assert!(text.contains("zwerm_http_seconds_bucket{le=\"0.001\"} 0\n"));
        assert!(text.contains("zwerm_http_seconds_bucket{le=\"+Inf\"} 2\n"));
        assert!(text.contains("zwerm_log_entries 7\n"));
    }
}
