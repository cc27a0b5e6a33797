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
    /// use queue_autoscale_core::calculators::Erlang;
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
    /// use queue_autoscale_core::calculators::Erlang;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Servers and the probability of waiting at ten erlangs, from the table in the documentation of the R package
    /// ErlangC 0.1.0 (CRAN, 2024, `calculate_agents`).
    const PUBLISHED_AT_TEN_ERLANGS: [(u32, f64); 4] =
        [(11, 0.682_118_2), (12, 0.449_388_2), (13, 0.285_270_5), (14, 0.174_131_9)];

    /// Servers, load and probability of waiting in exact rational arithmetic, from Erlang's sum itself.
    const EXACT: [(u32, f64, f64); 4] = [
        (3, 2.0, 4.0 / 9.0),
        (10, 6.0, 0.101_299_242_687_417_5),
        (25, 20.0, 0.209_102_826_598_836_6),
        (1000, 950.0, 0.068_253_415_377_141_43),
    ];

    #[test]
    fn agrees_with_the_published_table_to_a_millionth() {
        for (servers, published) in PUBLISHED_AT_TEN_ERLANGS {
            assert!((Erlang::waiting_probability(servers, 10.0) - published).abs() < 1e-6, "{servers} servers");
        }
    }

    #[test]
    fn agrees_with_exact_arithmetic() {
        for (servers, load, exact) in EXACT {
            assert!((Erlang::waiting_probability(servers, load) - exact).abs() < 1e-12, "{servers} servers");
        }
    }

    #[test]
    fn ten_thousand_servers_are_no_problem() {
        // Sixty-digit arithmetic gives 0.222776928864148.
        assert!((Erlang::waiting_probability(10_000, 9_900.0) - 0.222_776_928_864_148).abs() < 1e-10);
        assert_eq!(Erlang::waiting_probability(10_000, 10.0), 0.0);
    }

    #[test]
    fn everybody_waits_where_the_servers_cannot_keep_up() {
        assert_eq!(Erlang::waiting_probability(10, 10.0), 1.0);
        assert_eq!(Erlang::waiting_probability(0, 1.0), 1.0);
    }

    #[test]
    fn nobody_waits_where_nobody_comes() {
        assert_eq!(Erlang::waiting_probability(1, 0.0), 0.0);
    }
}
