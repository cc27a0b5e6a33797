//! The probability of having to wait, for any number of servers.

/// Erlang's formulas for `servers` servers and an offered load of `load` (arrival rate times mean service time).
#[derive(Clone, Copy, Debug)]
pub struct Erlang;

impl Erlang {
    /// Erlang B: the probability that all servers are busy where nobody waits.
    ///
    /// A. K. Erlang (1917), computed by the recursion 1/B(c) = 1 + (c/a)/B(c−1), 1/B(0) = 1, whose terms stay finite for
    /// any number of servers (no powers, no factorials).
    ///
    /// ```
    /// use queue_autoscale::calculators::Erlang;
    /// // Two servers and one erlang: (1/2) ÷ (1 + 1 + 1/2) = 0.2.
    /// assert!((Erlang::blocking_probability(2, 1.0) - 0.2).abs() < 1e-12);
    /// ```
    pub fn blocking_probability(servers: u32, load: f64) -> f64 {
        if load <= 0.0 {
            return if servers == 0 { 1.0 } else { 0.0 };
        }
        let mut inverse = 1.0;
        for server in 1..=servers {
            inverse = 1.0 + inverse * f64::from(server) / load;
            if inverse.is_infinite() {
                return 0.0;
            }
        }
        1.0 / inverse
    }

    /// Erlang C: the probability that a job has to wait, C = B / (1 − ρ(1 − B)); 1 where the servers cannot keep up.
    ///
    /// ```
    /// use queue_autoscale::calculators::Erlang;
    /// // One server at half load: every second job waits.
    /// assert!((Erlang::waiting_probability(1, 0.5) - 0.5).abs() < 1e-12);
    /// ```
    pub fn waiting_probability(servers: u32, load: f64) -> f64 {
        if load <= 0.0 {
            return if servers == 0 { 1.0 } else { 0.0 };
        }
        let utilisation = load / f64::from(servers);
        if servers == 0 || utilisation >= 1.0 {
            return 1.0;
        }
        let blocking = Self::blocking_probability(servers, load);
        blocking / (1.0 - utilisation * (1.0 - blocking))
    }
}
