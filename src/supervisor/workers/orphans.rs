//! The duty of a process that runs as number 1, as in a container: processes whose parents have gone become its
//! children, and nobody but it can reap them.

use std::collections::BTreeMap;

use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use super::footprint::{Stat, read_stat};

/// Zombies that were adopted.
#[derive(Debug, Default)]
pub struct Orphans {
    /// Those seen at the last look: a second look at the same one makes sure that nobody else waits for it.
    seen: BTreeMap<i32, Stat>,
}

impl Orphans {
    /// Reaps adopted zombies. Does nothing unless this process is number 1. `is_worker` tells those that others reap.
    pub fn reap(&mut self, is_worker: impl Fn(i32) -> bool) {
        if std::process::id() != 1 {
            return;
        }
        let own_group = nix::unistd::getpgrp().as_raw();
        let zombies: BTreeMap<i32, Stat> = children()
            .into_iter()
            .filter(|pid| !is_worker(*pid))
            .filter_map(|pid| Some((pid, read_stat(pid)?)))
            // What the application started itself is in its own group, and the application's to reap.
            .filter(|(_, stat)| stat.is_zombie() && stat.process_group != own_group)
            .collect();
        for pid in zombies.keys().filter(|pid| self.seen.contains_key(pid)) {
            // One that is gone meanwhile is just as well.
            let _ = waitpid(Pid::from_raw(*pid), Some(WaitPidFlag::WNOHANG));
        }
        self.seen = zombies;
    }
}

/// The children of all threads.
fn children() -> Vec<i32> {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return Vec::new() };
    let lists = tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_ascii_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<i32>>())
        .collect()
}
