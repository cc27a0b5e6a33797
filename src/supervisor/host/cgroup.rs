//! The control groups around this process, and what they limit.

use super::HostError;
use super::cgroup_files::{CpuQuota, cpu_v1, cpu_v2, memory_v1, memory_v2};
use super::share::Share;
use std::path::{Path, PathBuf};

/// The folders of this process's group and of those around it, innermost first, for each hierarchy that can limit it.
#[derive(Debug, Default)]
pub(super) struct ControlGroups {
    unified: Vec<PathBuf>,
    cpu: Vec<PathBuf>,
    cpu_accounting: Vec<PathBuf>,
    memory: Vec<PathBuf>,
}

impl ControlGroups {
    /// Finds them under `root`, "/" but in tests; none where the system has no control groups.
    pub(super) fn find(root: &Path) -> Self {
        let membership = std::fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
        let mounts = std::fs::read_to_string(root.join("proc/self/mountinfo")).unwrap_or_default();
        let mounts: Vec<Mount<'_>> = mounts.lines().filter_map(Mount::parse).collect();
        let folders = |controller: Option<&str>| {
            let mount = mounts.iter().find(|mount| mount.has(controller));
            let group = membership.lines().find_map(|line| group_of(line, controller));
            mount.zip(group).map(|(mount, group)| mount.folders(root, group)).unwrap_or_default()
        };
        Self {
            unified: folders(None),
            cpu: folders(Some("cpu")),
            cpu_accounting: folders(Some("cpuacct")),
            memory: folders(Some("memory")),
        }
    }

    /// The CPU quotas that hold now, each with the folder that sets it.
    pub(super) fn cpu_quotas(&self) -> Result<Vec<(PathBuf, CpuQuota)>, HostError> {
        let mut quotas = Vec::new();
        for group in &self.unified {
            quotas.extend(cpu_v2(group)?.map(|quota| (group.clone(), quota)));
        }
        for (place, group) in self.cpu.iter().enumerate() {
            let accounting = self.cpu_accounting.get(place).map(PathBuf::as_path);
            quotas.extend(cpu_v1(group, accounting)?.map(|quota| (group.clone(), quota)));
        }
        Ok(quotas)
    }

    /// The memory limits that hold now, in bytes.
    pub(super) fn memory_bytes(&self) -> Result<Vec<Share>, HostError> {
        let mut shares = Vec::new();
        for group in &self.unified {
            shares.extend(memory_v2(group)?);
        }
        for group in &self.memory {
            shares.extend(memory_v1(group)?);
        }
        Ok(shares)
    }
}

/// The path of the group that a line of /proc/self/cgroup ("ID:CONTROLLERS:PATH") names for `controller`; version 2 has
/// no controller there.
fn group_of<'line>(line: &'line str, controller: Option<&str>) -> Option<&'line str> {
    let (_, rest) = line.split_once(':')?;
    let (controllers, path) = rest.split_once(':')?;
    match controller {
        Some(controller) => controllers.split(',').any(|name| name == controller).then_some(path),
        None => controllers.is_empty().then_some(path),
    }
}

/// A mounted hierarchy of control groups.
struct Mount<'line> {
    /// The group that shows at the mount point.
    root: &'line str,
    mount_point: String,
    file_system: &'line str,
    options: &'line str,
}

impl<'line> Mount<'line> {
    /// Reads a line of /proc/self/mountinfo (proc_pid_mountinfo(5)).
    fn parse(line: &'line str) -> Option<Self> {
        let (mount, file_system) = line.split_once(" - ")?;
        let mut mount = mount.split(' ').skip(3);
        let (root, mount_point) = (mount.next()?, mount.next()?);
        let mut file_system = file_system.split(' ');
        let (file_system, _source, options) = (file_system.next()?, file_system.next()?, file_system.next()?);
        // Spaces are the only odd characters that mount points of control groups are ever given.
        Some(Self { root, mount_point: mount_point.replace("\\040", " "), file_system, options })
    }

    fn has(&self, controller: Option<&str>) -> bool {
        match controller {
            Some(controller) => {
                self.file_system == "cgroup" && self.options.split(',').any(|option| option == controller)
            }
            None => self.file_system == "cgroup2",
        }
    }

    /// The folder of `group` and those above it, up to the mount point. A group outside of what is mounted (a container
    /// that was given its own group as the root) is at the mount point itself.
    fn folders(&self, root: &Path, group: &str) -> Vec<PathBuf> {
        let mount_point = root.join(self.mount_point.trim_start_matches('/'));
        let inside = Path::new(group).strip_prefix(self.root).unwrap_or(Path::new(""));
        let own = mount_point.join(inside);
        if !own.starts_with(&mount_point) || !own.is_dir() || group.contains("..") {
            return vec![mount_point];
        }
        own.ancestors().take_while(|folder| folder.starts_with(&mount_point)).map(Path::to_path_buf).collect()
    }
}
