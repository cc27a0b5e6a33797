//! Who gets what when not everybody can have what they want.

use crate::calculators::Resources;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// One pool's claim.
#[derive(Clone, Debug)]
pub struct Claim<'a, Name: Ord + ?Sized> {
    /// Breaks ties, so that the order of the claims never matters.
    pub name: &'a Name,
    /// Fewest workers, granted whatever the room is.
    pub least: u32,
    /// Workers wanted (>= `least`).
    pub wanted: u32,
    /// What one worker takes.
    pub each: Resources,
    /// Weight in the fair share (> 0).
    pub weight: f64,
    /// Share of the SLA that the oldest job has used up; goes first among equals, and raises the weight.
    pub urgency: f64,
}

/// A claim whose SLA is used up weighs this much more than one where nothing waits.
const URGENT_WEIGHT: f64 = 2.0;

/// Weighted max-min fairness by progressive filling: minimums first, then one worker at a time to whoever has the least
/// for their weight, until nobody wants more or nothing is left.
///
/// D. Bertsekas, R. Gallager, "Data Networks" (2nd ed. 1992), section 6.5.2. A claim whose next worker does not fit is
/// closed; smaller ones go on. Nobody starves: who has nothing is always before who has something, and a full CPU refuses
/// nobody a first worker, who is then merely slow; memory does, for whoever takes more than there is gets killed.
pub fn allocate<Name: Ord + ?Sized>(claims: &[Claim<'_, Name>], room: Resources, max_workers: Option<u32>) -> Vec<u32> {
    let mut granted: Vec<u32> = claims.iter().map(|claim| claim.least.min(claim.wanted)).collect();
    let mut taken = Resources::NONE;
    let mut places = u64::from(max_workers.unwrap_or(u32::MAX));
    for (claim, &least) in claims.iter().zip(&granted) {
        taken = taken.plus(claim.each, f64::from(least));
        places = places.saturating_sub(u64::from(least));
    }
    let wanted = claims
        .iter()
        .zip(&granted)
        .fold(taken, |sum, (claim, &least)| sum.plus(claim.each, f64::from(claim.wanted - least)));
    let more: u64 = claims.iter().zip(&granted).map(|(claim, &least)| u64::from(claim.wanted - least)).sum();
    if wanted.fit(room) && more <= places {
        return claims.iter().map(|claim| claim.wanted).collect();
    }

    let mut next: BinaryHeap<Turn<'_, Name>> = claims
        .iter()
        .enumerate()
        .filter(|(index, claim)| granted[*index] < claim.wanted)
        .map(|(index, claim)| Turn::of(index, claim, granted[index]))
        .collect();
    while places > 0 {
        let Some(turn) = next.pop() else { break };
        let claim = &claims[turn.index];
        let with_one_more = taken.plus(claim.each, 1.0);
        let must_fit = if turn.has_nothing { Resources { cpu_cores: f64::INFINITY, ..room } } else { room };
        if !with_one_more.fit(must_fit) {
            continue;
        }
        taken = with_one_more;
        places -= 1;
        granted[turn.index] += 1;
        if granted[turn.index] < claim.wanted {
            next.push(Turn::of(turn.index, claim, granted[turn.index]));
        }
    }
    granted
}

/// A claim's place in the line for the next worker.
struct Turn<'a, Name: Ord + ?Sized> {
    index: usize,
    has_nothing: bool,
    level: f64,
    urgency: f64,
    name: &'a Name,
}

impl<'a, Name: Ord + ?Sized> Turn<'a, Name> {
    fn of(index: usize, claim: &Claim<'a, Name>, granted: u32) -> Self {
        let urgency = claim.urgency.clamp(0.0, 1.0);
        let weight = claim.weight * (1.0 + (URGENT_WEIGHT - 1.0) * urgency);
        Self {
            index,
            has_nothing: granted == 0,
            level: (f64::from(granted) + 1.0) / weight,
            urgency: claim.urgency,
            name: claim.name,
        }
    }
}

impl<Name: Ord + ?Sized> Ord for Turn<'_, Name> {
    /// The greatest is served first.
    fn cmp(&self, other: &Self) -> Ordering {
        self.has_nothing
            .cmp(&other.has_nothing)
            .then_with(|| other.level.total_cmp(&self.level))
            .then_with(|| self.urgency.total_cmp(&other.urgency))
            .then_with(|| other.name.cmp(self.name))
    }
}

impl<Name: Ord + ?Sized> PartialOrd for Turn<'_, Name> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<Name: Ord + ?Sized> PartialEq for Turn<'_, Name> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<Name: Ord + ?Sized> Eq for Turn<'_, Name> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: Resources = Resources { cpu_cores: 0.5, memory_bytes: 1.0 };

    fn claim(name: &str, least: u32, wanted: u32) -> Claim<'_, str> {
        Claim { name, least, wanted, each: SMALL, weight: 1.0, urgency: 0.0 }
    }

    #[test]
    fn where_there_is_room_everybody_gets_what_they_want() {
        let claims = [claim("a", 0, 7), claim("b", 2, 3)];
        assert_eq!(allocate(&claims, Resources::UNLIMITED, None), [7, 3]);
    }

    #[test]
    fn minimums_come_first() {
        let claims = [claim("a", 0, 10), claim("b", 4, 4)];
        assert_eq!(allocate(&claims, Resources::UNLIMITED, Some(5)), [1, 4]);
    }

    #[test]
    fn what_is_left_is_shared_evenly_and_small_wishes_are_met() {
        let claims = [claim("a", 0, 10), claim("b", 0, 10), claim("c", 0, 2)];
        assert_eq!(allocate(&claims, Resources::UNLIMITED, Some(12)), [5, 5, 2]);
    }

    #[test]
    fn weights_are_shares() {
        let claims = [Claim { weight: 3.0, ..claim("a", 0, 50) }, claim("b", 0, 50)];
        assert_eq!(allocate(&claims, Resources::UNLIMITED, Some(16)), [12, 4]);
    }

    #[test]
    fn the_more_urgent_gets_more_but_nobody_starves() {
        let claims = [Claim { urgency: 1.0, ..claim("a", 0, 50) }, claim("b", 0, 50), claim("c", 0, 50)];
        assert_eq!(allocate(&claims, Resources::UNLIMITED, Some(12)), [6, 3, 3]);
        assert_eq!(allocate(&claims, Resources::UNLIMITED, Some(3)), [1, 1, 1]);
        assert_eq!(allocate(&claims, Resources::UNLIMITED, Some(1)), [1, 0, 0]);
    }

    #[test]
    fn a_worker_that_does_not_fit_leaves_its_place_to_a_smaller_one() {
        let large = Resources { cpu_cores: 3.0, memory_bytes: 1.0 };
        let claims = [Claim { each: large, ..claim("a", 0, 5) }, claim("b", 0, 5)];
        let room = Resources { cpu_cores: 4.0, memory_bytes: f64::INFINITY };
        assert_eq!(allocate(&claims, room, None), [1, 2]);
    }

    /// Least, more, quarters of a core, bytes, weight and urgency; sums of quarters are exact.
    type Numbers = (u32, u32, u8, u8, f64, f64);

    /// Of few kinds, so that many are equal but for their names.
    fn any_claim() -> impl Strategy<Value = Numbers> {
        let one_of = |numbers: [f64; 3]| prop::sample::select(numbers.to_vec());
        (0..4_u32, 0..12_u32, 0..8_u8, 0..8_u8, one_of([0.5, 1.0, 3.0]), one_of([0.0, 0.5, 1.5]))
    }

    fn claims_of<'a>(numbers: &[Numbers], names: &'a [String]) -> Vec<Claim<'a, str>> {
        let claim = |(name, &(least, more, quarters, bytes, weight, urgency)): (&'a String, &Numbers)| Claim {
            name: name.as_str(),
            least,
            wanted: least + more,
            each: Resources { cpu_cores: f64::from(quarters) / 4.0, memory_bytes: f64::from(bytes) },
            weight,
            urgency,
        };
        names.iter().zip(numbers).map(claim).collect()
    }

    proptest! {
        #[test]
        fn nothing_is_granted_beyond_the_room_and_the_order_of_claims_changes_nothing(
            numbers in prop::collection::vec(any_claim(), 1..12),
            (quarters, bytes) in (0..200_u16, 0..400_u16),
            places in prop::option::of(0..60_u32),
        ) {
            let names: Vec<String> = (0..numbers.len()).map(|number| format!("pool-{number}")).collect();
            let claims = claims_of(&numbers, &names);
            let room = Resources { cpu_cores: f64::from(quarters) / 4.0, memory_bytes: f64::from(bytes) };
            let granted = allocate(&claims, room, places);

            let (mut taken, mut needed) = (Resources::NONE, Resources::NONE);
            for (claim, &workers) in claims.iter().zip(&granted) {
                prop_assert!((claim.least..=claim.wanted).contains(&workers), "{workers} for {claim:?}");
                taken = taken.plus(claim.each, f64::from(workers));
                // A full CPU refuses nobody a first worker.
                let first = if workers > 0 { claim.least.max(1) } else { 0 };
                needed.cpu_cores += claim.each.cpu_cores * f64::from(first);
                needed.memory_bytes += claim.each.memory_bytes * f64::from(claim.least);
            }
            prop_assert!(taken.cpu_cores <= room.cpu_cores.max(needed.cpu_cores), "{taken:?} of {room:?}, {needed:?} needed");
            prop_assert!(taken.memory_bytes <= room.memory_bytes.max(needed.memory_bytes), "{taken:?} of {room:?}");
            let least: u32 = claims.iter().map(|claim| claim.least).sum();
            prop_assert!(granted.iter().sum::<u32>() <= places.unwrap_or(u32::MAX).max(least));

            let turned: Vec<_> = claims.into_iter().rev().collect();
            let mut granted_again = allocate(&turned, room, places);
            granted_again.reverse();
            prop_assert_eq!(granted, granted_again);
        }
    }
}
