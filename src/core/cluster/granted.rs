//! Workers as they will be once a host has applied the share that is on its way to it.

use crate::engine::PoolWorkers;

/// The pool's workers with `granted` of them counting towards the target: those to come are starting, those to go are
/// draining, idle ones first. Without this a turn that is quicker than a host's answer would take workers that are about
/// to end for ones that stay, and grant them once more.
pub(super) fn as_granted(mut workers: PoolWorkers, granted: u32) -> PoolWorkers {
    let current = workers.current();
    workers.starting = workers.starting.saturating_add(granted.saturating_sub(current));
    let mut surplus = current.saturating_sub(granted);
    for (count, is_process) in [
        (&mut workers.backing_off, false),
        (&mut workers.starting, true),
        (&mut workers.idle, true),
        (&mut workers.unknown, true),
        (&mut workers.busy, true),
    ] {
        let leaving = surplus.min(*count);
        *count -= leaving;
        surplus -= leaving;
        if is_process {
            workers.draining = workers.draining.saturating_add(leaving);
        }
    }
    workers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PoolId;

    fn workers() -> PoolWorkers {
        PoolWorkers {
            starting: 1,
            idle: 2,
            busy: 3,
            backing_off: 1,
            ..PoolWorkers::none(PoolId::new("redis", "emails"))
        }
    }

    #[test]
    fn those_to_come_are_starting() {
        let seen = as_granted(workers(), 9);
        assert_eq!((seen.current(), seen.starting, seen.draining), (9, 3, 0));
    }

    #[test]
    fn those_to_go_are_draining_and_busy_ones_are_the_last() {
        let seen = as_granted(workers(), 2);
        assert_eq!((seen.current(), seen.busy, seen.idle, seen.draining), (2, 2, 0, 4));
    }

    #[test]
    fn what_is_granted_already_changes_nothing() {
        assert_eq!(as_granted(workers(), 7), workers());
    }
}
