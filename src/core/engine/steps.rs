//! What changed a number on its way from the recommendation to the target.

use super::{Constraint, ConstraintKind};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Most constraints that one decision can meet: two bounds, the busy ones, stabilisation, the host.
const MOST: usize = 5;

/// One decision's constraints, in order, without their words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps([Option<Step>; MOST]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    kind: ConstraintKind,
    from_workers: u32,
    to_workers: u32,
}

impl Steps {
    /// The constraint `kind` made `to_workers` of `from_workers`.
    pub fn add(&mut self, kind: ConstraintKind, from_workers: u32, to_workers: u32) {
        if let Some(place) = self.0.iter_mut().find(|step| step.is_none()) {
            *place = Some(Step { kind, from_workers, to_workers });
        }
    }
}

impl Hash for Steps {
    /// One number for each step, since most decisions have one and every turn hashes all of them: number by number, and with
    /// the places that are empty, takes five times as long.
    fn hash<H: Hasher>(&self, state: &mut H) {
        for step in self.0.iter().flatten() {
            let workers = u64::from(step.from_workers) << 32 | u64::from(step.to_workers);
            state.write_u64(workers ^ (step.kind as u64) << 56);
        }
    }
}

impl Step {
    fn constraint(self) -> Constraint {
        let Self { kind, from_workers: from, to_workers: to } = self;
        let reason = match kind {
            ConstraintKind::MinWorkers => format!("raised to min_workers {to}"),
            ConstraintKind::MaxWorkers => format!("max_workers {to} instead of {from}"),
            ConstraintKind::Busy => format!("{to} busy ones stay instead of {from}"),
            ConstraintKind::Cooldown => format!("cooldown keeps {to} instead of {from}"),
            ConstraintKind::Stabilisation => format!("{to} kept until fewer ({from}) have been enough for longer"),
            ConstraintKind::MaxTotalWorkers => format!("limits.max_total_workers leave {to} of {from}"),
            ConstraintKind::HostMemory => format!("the host's memory leaves {to} of {from}"),
            ConstraintKind::HostCpu => format!("the host's CPU leaves {to} of {from}"),
            ConstraintKind::MetricsUnreadable => format!("kept at {to}"),
            ConstraintKind::Policy => format!("{to} instead of {from}"),
        };
        Constraint { kind, from_workers: from, to_workers: to, reason }
    }
}

/// The lists of constraints of one turn's decisions. Of many pools few have constraints that no other has: equal ones share
/// one list, so that neither the engine nor whoever shows its decisions makes it again.
#[derive(Debug)]
pub struct ConstraintLists {
    none: Arc<[Constraint]>,
    known: HashMap<Steps, Arc<[Constraint]>>,
}

impl ConstraintLists {
    /// Has no list yet.
    pub fn new() -> Self {
        Self { none: Arc::default(), known: HashMap::new() }
    }

    /// The constraints of these steps.
    pub fn of(&mut self, steps: &Steps) -> Arc<[Constraint]> {
        if steps.0[0].is_none() {
            return Arc::clone(&self.none);
        }
        if let Some(list) = self.known.get(steps) {
            return Arc::clone(list);
        }
        let list: Arc<[Constraint]> = steps.0.iter().flatten().map(|step| step.constraint()).collect();
        self.known.insert(*steps, Arc::clone(&list));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(all: &[(ConstraintKind, u32, u32)]) -> Steps {
        let mut steps = Steps::default();
        all.iter().for_each(|&(kind, from, to)| steps.add(kind, from, to));
        steps
    }

    #[test]
    fn equal_constraints_are_one_list_and_others_are_not() {
        let mut lists = ConstraintLists::new();
        let busy = [(ConstraintKind::MaxWorkers, 9, 2), (ConstraintKind::Busy, 2, 3)];
        let one = lists.of(&steps(&busy));
        assert!(Arc::ptr_eq(&one, &lists.of(&steps(&busy))));
        let first = lists.of(&steps(&busy[..1]));
        assert_eq!(*first, one[..1]);
        assert!(lists.of(&Steps::default()).is_empty());
    }

    #[test]
    fn as_many_as_a_decision_can_meet_are_kept_in_order() {
        let all = [
            (ConstraintKind::MinWorkers, 0, 1),
            (ConstraintKind::MaxWorkers, 1, 2),
            (ConstraintKind::Busy, 2, 3),
            (ConstraintKind::Stabilisation, 3, 4),
            (ConstraintKind::HostCpu, 4, 1),
        ];
        let list = ConstraintLists::new().of(&steps(&all));
        let kept: Vec<_> = list.iter().map(|step| (step.kind, step.from_workers, step.to_workers)).collect();
        assert_eq!(kept, all);
    }
}
