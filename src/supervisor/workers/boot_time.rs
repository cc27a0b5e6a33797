//! How long a pool's workers take from their spawn to their first look for a job.

/// Share that each new measurement gets: a dozen boots are enough to follow a deployment or a busier host.
const GAIN: f64 = 0.2;

/// A running mean of one pool's boot times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BootTime {
    mean_seconds: Option<f64>,
}

impl BootTime {
    /// Takes in one worker's time.
    pub fn learn(&mut self, seconds: f64) {
        self.mean_seconds = Some(self.mean_seconds.map_or(seconds, |mean| mean + GAIN * (seconds - mean)));
    }

    /// The mean in seconds; `None` before the first worker came up.
    pub fn mean_seconds(&self) -> Option<f64> {
        self.mean_seconds
    }
}

#[cfg(test)]
mod tests {
    use super::BootTime;

    #[test]
    fn the_first_boot_counts_in_full_and_later_ones_move_the_mean() {
        let mut boot = BootTime::default();
        assert_eq!(boot.mean_seconds(), None);
        boot.learn(1.0);
        assert_eq!(boot.mean_seconds(), Some(1.0));
        for _ in 0..50 {
            boot.learn(3.0);
        }
        assert!((boot.mean_seconds().unwrap() - 3.0).abs() < 0.01);
    }
}
