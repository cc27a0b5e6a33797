//! Where the arrival rate is going.

use super::arrival_history::{ArrivalHistory, BIN_SECONDS};

/// Bins from which a trend is looked for: two minutes, so that each half still has a slope of its own.
const FEWEST_BINS: usize = 24;

/// Standard errors that the slope must differ from zero by: p = 0.003 for a normal error.
const SIGNIFICANT_ERRORS: f64 = 3.0;

/// Damping: how far ahead a trend is believed, as a share of the window that it was read from. A trend that is followed
/// for ever overshoots (E. S. Gardner, E. McKenzie, "Forecasting Trends in Time Series", Management Science 31 (1985),
/// 1237-1246); this one levels off at half a window's worth of it.
const DAMPING_SHARE: f64 = 0.5;

/// Standard errors on both sides of the forecast in its interval: 95 % for a normal error.
const INTERVAL_ERRORS: f64 = 1.96;

/// A slope that the last window of arrivals shows for certain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Change of the rate, in jobs per second, a second; 0 where none is significant.
    pub slope_per_second_squared: f64,
    /// Time after which the trend is no longer believed, in seconds.
    pub damping_seconds: f64,
    /// Standard error of one bin's rate around the line, in jobs per second.
    pub residual_per_second: f64,
}

/// A forecast and the range that it lies in with 95 % probability, in jobs per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateForecast {
    /// Expected rate.
    pub rate_per_second: f64,
    /// Lower end of the range (>= 0).
    pub lower_per_second: f64,
    /// Upper end of the range.
    pub upper_per_second: f64,
}

/// Reads a trend from the history by least squares and forecasts along it, damped.
///
/// A step looks like a slope to a line, and following it would overshoot. So a trend counts only where the line over the
/// whole window and those over either half agree in direction, and then with the flattest of the three; a step has a half
/// without slope.
///
/// ```
/// use queue_autoscale_core::calculators::{ArrivalHistory, TrendPredictor};
/// let mut history = ArrivalHistory::default();
/// for bin in 0..60 {
///     history.record(50.0 + 5.0 * f64::from(bin), 5.0); // from 10/s, 0.2/s more every second
/// }
/// let trend = TrendPredictor::read(&history, 300.0);
/// assert!((trend.slope_per_second_squared - 0.2).abs() < 0.01);
/// assert!(TrendPredictor::forecast(&trend, 69.0, 30.0).rate_per_second > 74.0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TrendPredictor;

impl TrendPredictor {
    /// The trend over the last `window_seconds` of the history.
    pub fn read(history: &ArrivalHistory, window_seconds: f64) -> Trend {
        let bins = ((window_seconds / BIN_SECONDS) as usize).min(history.len());
        let flat = Trend {
            slope_per_second_squared: 0.0,
            damping_seconds: DAMPING_SHARE * BIN_SECONDS * bins as f64,
            residual_per_second: 0.0,
        };
        if bins < FEWEST_BINS {
            return flat;
        }
        let half = bins / 2;
        let start = history.len() - bins;
        let whole = Line::through(history.runs(start..history.len()));
        let flat = Trend { residual_per_second: whole.residual() / BIN_SECONDS, ..flat };
        // Most of the time nothing is significant, and the halves need not be looked at.
        if whole.slope.abs() <= SIGNIFICANT_ERRORS * whole.slope_error() {
            return flat;
        }
        let older = Line::through(history.runs(start..start + half));
        let younger = Line::through(history.runs(start + half..history.len()));
        if older.slope.signum() != whole.slope.signum() || younger.slope.signum() != whole.slope.signum() {
            return flat;
        }
        let flattest = whole.slope.abs().min(older.slope.abs()).min(younger.slope.abs());
        let slope = flattest * whole.slope.signum();
        Trend { slope_per_second_squared: slope / (BIN_SECONDS * BIN_SECONDS), ..flat }
    }

    /// The rate in `horizon_seconds`, given the rate now.
    pub fn forecast(trend: &Trend, rate_per_second: f64, horizon_seconds: f64) -> RateForecast {
        // The sum of a trend that fades exponentially, T·(1 − e^(−h/T)).
        let believed_seconds = if trend.damping_seconds > 0.0 {
            trend.damping_seconds * -(-horizon_seconds / trend.damping_seconds).exp_m1()
        } else {
            0.0
        };
        let expected = (rate_per_second + trend.slope_per_second_squared * believed_seconds).max(0.0);
        let margin = INTERVAL_ERRORS * trend.residual_per_second;
        RateForecast {
            rate_per_second: expected,
            lower_per_second: (expected - margin).max(0.0),
            upper_per_second: expected + margin,
        }
    }
}

/// What a least-squares line is made from, in whole numbers: exact, and quicker to add up than fractions, in which the
/// compiler must keep to the order.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: usize,
    values: u64,
    squares: u64,
    /// Each value times its place, from 0 on.
    products: u64,
}

impl Sums {
    /// These and `values`, which come after them.
    fn and(self, values: &[u16]) -> Self {
        let (mut sum, mut squares, mut products) = (0, 0, 0);
        for (place, &value) in values.iter().enumerate() {
            let value = u64::from(value);
            sum += value;
            squares += value * value;
            products += place as u64 * value;
        }
        Self {
            count: self.count + values.len(),
            values: self.values + sum,
            squares: self.squares + squares,
            products: self.products + products + self.count as u64 * sum,
        }
    }
}

/// A least-squares line through equally spaced values.
struct Line {
    slope: f64,
    count: f64,
    mean: f64,
    /// Σ(x − x̄)².
    spread: f64,
    /// Sum of squared distances from the line.
    squared_distances: f64,
}

impl Line {
    fn through(runs: [&[u16]; 2]) -> Self {
        let mut sums = Sums::default();
        for run in runs {
            sums = sums.and(run);
        }
        // None of these is ever rounded: they are whole numbers, or halves, far below 2^53.
        let count = sums.count as f64;
        let middle = (count - 1.0) / 2.0;
        let (sum, sum_squares) = (sums.values as f64, sums.squares as f64);
        let sum_products = sums.products as f64 - middle * sum;
        // Σ(x − x̄)² over 0, 1, …, n−1.
        let spread = count * (count * count - 1.0) / 12.0;
        let slope = sum_products / spread;
        let mean = sum / count;
        let squared_distances = (sum_squares - mean * sum - slope * sum_products).max(0.0);
        Self { slope, count, mean, spread, squared_distances }
    }

    /// Standard error of one value, never less than a Poisson count's.
    fn residual(&self) -> f64 {
        let degrees_of_freedom = (self.count - 2.0).max(1.0);
        (self.squared_distances / degrees_of_freedom).max(self.mean).sqrt()
    }

    fn slope_error(&self) -> f64 {
        self.residual() / self.spread.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn history(rate: impl Fn(f64) -> f64) -> ArrivalHistory {
        let mut history = ArrivalHistory::default();
        for bin in 0..60 {
            history.record(BIN_SECONDS * rate(BIN_SECONDS * f64::from(bin)), BIN_SECONDS);
        }
        history
    }

    #[test]
    fn a_ramp_is_followed() {
        let trend = TrendPredictor::read(&history(|now| 10.0 + 0.1 * now), 300.0);
        assert!((trend.slope_per_second_squared - 0.1).abs() < 0.005);
    }

    #[test]
    fn a_fall_is_followed_but_never_below_zero() {
        let trend = TrendPredictor::read(&history(|now| 31.0 - 0.1 * now), 300.0);
        assert!(trend.slope_per_second_squared < -0.09);
        assert_eq!(TrendPredictor::forecast(&trend, 1.0, 300.0).rate_per_second, 0.0);
    }

    #[test]
    fn a_step_is_no_trend_wherever_in_the_window_it_is() {
        for step in 1..59 {
            let trend = TrendPredictor::read(
                &history(|now| if now < BIN_SECONDS * f64::from(step) { 10.0 } else { 40.0 }),
                300.0,
            );
            assert_eq!(trend.slope_per_second_squared, 0.0, "a step at bin {step}");
        }
    }

    #[test]
    fn a_steady_rate_has_no_trend() {
        let trend = TrendPredictor::read(&history(|_| 10.0), 300.0);
        assert_eq!(TrendPredictor::forecast(&trend, 10.0, 30.0).rate_per_second, 10.0);
    }

    #[test]
    fn a_trend_levels_off() {
        let trend = TrendPredictor::read(&history(|now| 10.0 + 0.1 * now), 300.0);
        let soon = TrendPredictor::forecast(&trend, 40.0, 15.0).rate_per_second - 40.0;
        let late = TrendPredictor::forecast(&trend, 40.0, 10_000.0).rate_per_second - 40.0;
        assert!((soon - 1.5).abs() < 0.1, "{soon}");
        assert!((late - 15.0).abs() < 0.8, "{late}");
    }

    #[test]
    fn the_interval_is_as_wide_as_the_noise() {
        // 50 and 150 jobs in turn: ± 10 a second around 20.
        let trend =
            TrendPredictor::read(&history(|now| if (now as u64 / 5).is_multiple_of(2) { 10.0 } else { 30.0 }), 300.0);
        let forecast = TrendPredictor::forecast(&trend, 20.0, 30.0);
        assert!((forecast.upper_per_second - forecast.rate_per_second - 19.6).abs() < 0.5);
    }

    proptest! {
        #[test]
        fn the_sums_of_two_runs_are_those_of_all_their_values(older in vec(any::<u16>(), 0..400), younger in vec(any::<u16>(), 0..320)) {
            let all: Vec<f64> = older.iter().chain(&younger).map(|&value| f64::from(value)).collect();
            let sums = Sums::default().and(&older).and(&younger);
            let products = all.iter().enumerate().map(|(place, value)| place as f64 * value);
            prop_assert_eq!(sums.count, all.len());
            prop_assert_eq!(sums.values as f64, all.iter().sum::<f64>());
            prop_assert_eq!(sums.squares as f64, all.iter().map(|value| value * value).sum::<f64>());
            prop_assert_eq!(sums.products as f64, products.sum::<f64>());
        }
    }
}
