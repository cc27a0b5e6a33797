//! Joins several limits on the same thing into one.

/// A limit and what is used of it, in the same unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Share {
    pub(super) limit: f64,
    pub(super) used: f64,
}

/// One share that leaves no more room below `max_share` of its limit than the tightest of `shares` does.
///
/// A container lives under several limits at once: its own, those of the groups around it, the host's. The limit is the
/// smallest of them. The room is the smallest as well, which need not be the same one's: a container that is idle on a host
/// that is full has no room. `None` where there is no limit at all.
pub(super) fn tightest(shares: &[Share], max_share: f64) -> Option<Share> {
    let limit = shares.iter().map(|share| share.limit).min_by(f64::total_cmp)?;
    let room = shares.iter().map(|share| share.limit * max_share - share.used).min_by(f64::total_cmp)?;
    Some(Share { limit, used: (limit * max_share - room).max(0.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTAINER: Share = Share { limit: 2.0, used: 0.5 };

    #[test]
    fn a_roomy_host_leaves_the_container_its_own_limit() {
        let joined = tightest(&[Share { limit: 64.0, used: 30.0 }, CONTAINER], 0.85).unwrap();
        assert_eq!(joined, CONTAINER);
    }

    #[test]
    fn a_full_host_leaves_no_room_to_an_idle_container() {
        let joined = tightest(&[Share { limit: 64.0, used: 60.0 }, CONTAINER], 0.85).unwrap();
        assert_eq!(joined.limit, 2.0);
        assert!(joined.used > 0.85 * 2.0, "{joined:?}");
    }

    #[test]
    fn without_any_limit_there_is_nothing_to_join() {
        assert_eq!(tightest(&[], 0.85), None);
    }
}
