//! The argument vector and the environment of one `queue:work` process; no shell ever sees them.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::orphaned_workers::{WORKER_MARK_VARIABLE, WorkerMark};
use super::status_pipe::STATUS_FD_VARIABLE;
use crate::config::{PoolId, WorkerOptions};

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The program's file.
    pub program: PathBuf,
    /// All arguments, the program's name first.
    pub arguments: Vec<OsString>,
    /// The whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// Where it runs; `None` for the manager's own directory.
    pub directory: Option<PathBuf>,
}

impl WorkerCommand {
    /// The command of one worker of `pool`, whose status pipe it will find under the number `status_fd`, and which carries the
    /// mark of `application`, if that is known.
    pub fn new(pool: &PoolId, options: &WorkerOptions, application: Option<&str>, status_fd: i32) -> Self {
        let mark = application.map(|application| WorkerMark::new(application, pool, options));
        let environment = environment(options, mark.as_ref(), status_fd);
        Self {
            program: find_program(&options.php_binary, &environment),
            arguments: arguments(pool, options),
            environment,
            directory: (!options.working_directory.is_empty()).then(|| PathBuf::from(&options.working_directory)),
        }
    }
}

fn arguments(pool: &PoolId, options: &WorkerOptions) -> Vec<OsString> {
    let mut arguments: Vec<String> = vec![
        options.php_binary.clone(),
        options.artisan_path.clone(),
        "queue:work".to_owned(),
        pool.connection.to_string(),
        format!("--queue={}", pool.queues),
        format!("--tries={}", options.tries),
        format!("--timeout={}", options.timeout_seconds),
        format!("--max-time={}", options.max_time_seconds),
        format!("--max-jobs={}", options.max_jobs),
        format!("--sleep={}", options.sleep_seconds),
        format!("--memory={}", options.memory_megabytes),
        format!("--backoff={}", options.backoff),
    ];
    arguments.extend(options.options.iter().cloned());
    arguments.into_iter().map(OsString::from).collect()
}

/// What Symfony's console leaves in the environment for `-v` or `-q`: the manager's verbosity, which workers are not to share. A worker
/// that prints traces after its messages would leave none of the messages in its last lines.
const VERBOSITY_VARIABLE: &str = "SHELL_VERBOSITY";

/// The manager's environment but for its verbosity, the options' on top, the mark and the status pipe's number.
fn environment(options: &WorkerOptions, mark: Option<&WorkerMark>, status_fd: i32) -> Vec<(OsString, OsString)> {
    let own = options.environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let status = (OsString::from(STATUS_FD_VARIABLE), OsString::from(status_fd.to_string()));
    let mark = mark.map(|mark| (OsString::from(WORKER_MARK_VARIABLE), mark.to_value()));
    let added: Vec<(OsString, OsString)> = own.chain([status]).chain(mark).collect();
    std::env::vars_os()
        .filter(|(name, _)| name != VERBOSITY_VARIABLE)
        .filter(|(name, _)| added.iter().all(|(added_name, _)| added_name != name))
        .chain(added.iter().cloned())
        .collect()
}

/// Looks the program up in `PATH` as a shell would; a name with a slash, or one that is not found, stays as it is.
fn find_program(name: &str, environment: &[(OsString, OsString)]) -> PathBuf {
    if name.contains('/') {
        return PathBuf::from(name);
    }
    let path = environment.iter().find(|(variable, _)| variable == "PATH").map(|(_, value)| value.as_os_str());
    path.unwrap_or(OsStr::new(""))
        .as_bytes()
        .split(|byte| *byte == b':')
        .map(|directory| Path::new(OsStr::from_bytes(directory)).join(name))
        .find(|candidate| nix::unistd::access(candidate, nix::unistd::AccessFlags::X_OK).is_ok() && candidate.is_file())
        .unwrap_or_else(|| PathBuf::from(name))
}

#[cfg(test)]
mod tests {
    use super::WorkerCommand;
    use crate::config::{PoolId, WorkerOptions};

    #[test]
    fn every_option_is_one_argument_of_queue_work() {
        let pool = PoolId::new("redis", "-odd name; rm *,low");
        let options = WorkerOptions {
            artisan_path: "/app/artisan".to_owned(),
            sleep_seconds: 0.5,
            backoff: "1,5,10".to_owned(),
            options: vec!["--force".to_owned()],
            ..WorkerOptions::default()
        };
        let command = WorkerCommand::new(&pool, &options, None, 3);
        assert_eq!(
            command.arguments,
            [
                "php",
                "/app/artisan",
                "queue:work",
                "redis",
                "--queue=-odd name; rm *,low",
                "--tries=3",
                "--timeout=60",
                "--max-time=3600",
                "--max-jobs=0",
                "--sleep=0.5",
                "--memory=128",
                "--backoff=1,5,10",
                "--force",
            ]
        );
        assert_eq!(command.directory, None);
    }

    #[test]
    fn the_environment_is_the_managers_with_the_options_and_the_status_pipe_on_top() {
        let mut options = WorkerOptions::default();
        options.environment.insert("PATH".to_owned(), "/bin".to_owned());
        options.environment.insert("ONLY_HERE".to_owned(), "yes".to_owned());
        let command = WorkerCommand::new(&PoolId::new("redis", "default"), &options, Some("/app/storage"), 7);
        let values = |wanted: &str| -> Vec<String> {
            let matching = command.environment.iter().filter(|(name, _)| name == wanted);
            matching.map(|(_, value)| value.to_string_lossy().into_owned()).collect()
        };
        assert_eq!(values("PATH"), ["/bin"]);
        assert_eq!(values("ONLY_HERE"), ["yes"]);
        assert_eq!(values("QUEUE_AUTOSCALE_STATUS_FD"), ["7"]);
        assert!(values("QUEUE_AUTOSCALE_WORKER")[0].contains(r#""application":"/app/storage""#));
    }

    #[test]
    fn the_managers_verbosity_stays_its_own() {
        // SAFETY: no other test of this process reads or writes this variable, and nextest gives each test a process of its own.
        unsafe { std::env::set_var("SHELL_VERBOSITY", "3") };
        let command = |options: &WorkerOptions| WorkerCommand::new(&PoolId::new("redis", "default"), options, None, 7);
        let of = |command: &WorkerCommand| {
            command.environment.iter().find(|(name, _)| name == "SHELL_VERBOSITY").map(|(_, value)| value.clone())
        };
        assert_eq!(of(&command(&WorkerOptions::default())), None);
        let mut options = WorkerOptions::default();
        options.environment.insert("SHELL_VERBOSITY".to_owned(), "1".to_owned());
        assert_eq!(of(&command(&options)), Some("1".into()));
    }

    #[test]
    fn the_program_is_looked_up_in_the_path() {
        let mut options = WorkerOptions { php_binary: "sh".to_owned(), ..WorkerOptions::default() };
        options.environment.insert("PATH".to_owned(), "/nowhere:/bin".to_owned());
        let command = WorkerCommand::new(&PoolId::new("redis", "default"), &options, None, 3);
        assert_eq!(command.program.to_str(), Some("/bin/sh"));
        assert_eq!(command.arguments[0], "sh");
    }
}
