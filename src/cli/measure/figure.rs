//! One figure: a name, its samples, and the floor they stand beside. Tests: beside the code.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

/// One line of `measure`. Times are microseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Figure {
    name: &'static str,
    n: usize,
    p50_us: Option<f64>,
    p99_us: Option<f64>,
    floor: Option<&'static str>,
    floor_p50_us: Option<f64>,
    floor_p99_us: Option<f64>,
}

impl Figure {
    pub(super) fn alone(name: &'static str, samples: Vec<Duration>) -> Figure {
        let sorted = sorted(samples);
        Figure {
            name,
            n: sorted.len(),
            p50_us: percentile_us(&sorted, 50),
            p99_us: percentile_us(&sorted, 99),
            floor: None,
            floor_p50_us: None,
            floor_p99_us: None,
        }
    }

    pub(super) fn beside(
        name: &'static str,
        samples: Vec<Duration>,
        floor: &'static str,
        floor_samples: &[Duration],
    ) -> Figure {
        let under = sorted(floor_samples.to_vec());
        Figure {
            floor: Some(floor),
            floor_p50_us: percentile_us(&under, 50),
            floor_p99_us: percentile_us(&under, 99),
            ..Figure::alone(name, samples)
        }
    }

    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

fn sorted(mut samples: Vec<Duration>) -> Vec<Duration> {
    samples.sort_unstable();
    samples
}

/// The smallest sample that at least `percent` of a hundred are not above (nearest rank), rounded to
/// a tenth of a microsecond; `None` of nothing.
fn percentile_us(sorted: &[Duration], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    let sample = sorted.get(rank.saturating_sub(1))?;
    Some((sample.as_secs_f64() * 1e7).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_sample_of_the_nearest_rank() {
        let samples: Vec<Duration> = (1..=200).map(Duration::from_micros).collect();
        assert_eq!(percentile_us(&samples, 50), Some(100.0));
        assert_eq!(percentile_us(&samples, 99), Some(198.0));
        assert_eq!(percentile_us(&samples[..1], 99), Some(1.0));
        assert_eq!(percentile_us(&[], 50), None);
    }

    #[test]
    fn a_figure_without_a_floor_says_null() {
        let mut line = Vec::new();
        Figure::alone("x", vec![Duration::from_nanos(1_540)]).print(&mut line).unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "{\"name\":\"x\",\"n\":1,\"p50_us\":1.5,\"p99_us\":1.5,\"floor\":null,\
             \"floor_p50_us\":null,\"floor_p99_us\":null}\n"
        );
    }
}
