/*
 * Queue Autoscale for C, and for every language that can call C.
 *
 * Generated from the library's sources; not to be edited.
 *
 * Structured data goes in and out as JSON in UTF-8. A text goes in as a pointer and a length in bytes, so it needs no NUL
 * byte at its end; it is not used any more when the call returns.
 *
 * Many things of one kind come as a table: {"columns": [names], "rows": [[values], …]}, the values of a row in the order of
 * the columns. Look columns and keys up by their names and pass over those that you do not know: more may be added.
 *
 * The interface has a version and a revision. QA_ABI_VERSION rises with every change that breaks a caller: a function, a
 * type, a key or a column that is taken away or gets another meaning. QA_ABI_REVISION counts what was only added since, and
 * begins at 0 with each version. So a library fits a program where qa_abi_version() equals the QA_ABI_VERSION that the
 * program was compiled with and qa_abi_revision() is at least its QA_ABI_REVISION.
 *
 * Every call that can fail returns a qa_status and takes the place of a qa_text, which may be NULL where nobody is
 * interested: with QA_STATUS_OK it gets what was asked for (or no text, where nothing was), otherwise a message for a
 * person. The text belongs to the caller, who gives it back with qa_text_free. No exception and no panic leaves the
 * library: a fault of its own is QA_STATUS_FAULT, and it prints nothing.
 *
 * Objects are handles that end with the free function of their kind. Calls with the same handle must not overlap; nothing
 * else is shared, so different threads may use different handles. Refused with QA_STATUS_INVALID_ARGUMENT: NULL, a handle
 * of another kind, bytes that are no UTF-8, text that is no JSON, numbers out of range, lengths that no memory has. C offers
 * no way to recognise a pointer to memory that is no longer there, or a length that is longer than what it is of; a handle
 * that was freed is recognised only until its memory is used again.
 */


#ifndef QUEUE_AUTOSCALE_H
#define QUEUE_AUTOSCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * The version of this interface. It rises with every change that a caller must know of: something taken away, or another
 * meaning given to it.
 */
#define QA_ABI_VERSION 4

/**
 * Counts what was only added since the version began, from 0.
 */
#define QA_ABI_REVISION 2

/**
 * How a call ended.
 */
typedef enum {
    /**
     * It did what was asked.
     */
    QA_STATUS_OK = 0,
    /**
     * An argument cannot be used: NULL, no UTF-8, no JSON, a handle of another kind, a number out of range.
     */
    QA_STATUS_INVALID_ARGUMENT = 1,
    /**
     * The configuration cannot be used; the text has a line for each error.
     */
    QA_STATUS_INVALID_CONFIGURATION = 2,
    /**
     * The host's capacity cannot be read.
     */
    QA_STATUS_HOST_ERROR = 3,
    /**
     * The supervisor could not do it.
     */
    QA_STATUS_SUPERVISOR_ERROR = 4,
    /**
     * A fault of the library itself. The handle that it happened in is doubtful.
     */
    QA_STATUS_FAULT = 5,
} qa_status;

/**
 * Estimates the arrival rate of one queue: what came in is what was done plus what the backlog grew.
 */
typedef struct qa_arrival_rate qa_arrival_rate;

/**
 * Turns the reports of several hosts into one turn of an engine, and the engine's decisions into each host's share.
 */
typedef struct qa_cluster_planner qa_cluster_planner;

/**
 * Everything that a user configured, checked, with defaults, profiles and overrides merged.
 */
typedef struct qa_configuration qa_configuration;

/**
 * Decides how many workers each pool needs. It remembers what it saw, so one engine is to see every turn.
 */
typedef struct qa_engine qa_engine;

/**
 * Reads what the host, and every container around this process, has and uses.
 */
typedef struct qa_host_monitor qa_host_monitor;

/**
 * Some traffic, and what configurations and strategies would have done on it.
 */
typedef struct qa_simulator qa_simulator;

/**
 * Starts, watches and stops workers. One a process, used by the thread that made it.
 */
typedef struct qa_supervisor qa_supervisor;

/**
 * Reads a trend from one queue's arrivals of the last hour and forecasts along it, damped.
 */
typedef struct qa_trend qa_trend;

/**
 * What a call returns: JSON where it went well, a message for a person where it did not. UTF-8 with a NUL byte at its
 * end that `length` does not count. It belongs to the caller, who gives it back with `qa_text_free`; a call that gets a
 * text writes over what stands there without freeing it.
 */
typedef struct {
    /**
     * The text, or NULL for none.
     */
    char *data;
    /**
     * Its length in bytes.
     */
    size_t length;
} qa_text;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the interface that the library was built with: it fits where this equals `QA_ABI_VERSION` of the header…
 */
uint32_t qa_abi_version(void);

/**
 * …and this is at least `QA_ABI_REVISION`.
 */
uint32_t qa_abi_revision(void);

/**
 * The library's own version, such as "0.1.0". Static: not to be freed.
 */
const char *qa_version(void);

/**
 * An estimator that knows nothing yet.
 *
 * # Safety
 * `arrival_rate` and `error` point to memory for what they get, or are NULL.
 */
qa_status qa_arrival_rate_new(qa_arrival_rate **arrival_rate, qa_text *error);

/**
 * Ends an estimator; NULL is fine.
 *
 * # Safety
 * `arrival_rate` is NULL or a handle that nobody else uses.
 */
qa_status qa_arrival_rate_free(qa_arrival_rate *arrival_rate);

/**
 * Takes in one sample: `{"now_seconds": a monotonic clock's instant, "backlog": jobs waiting or held,
 * "throughput_per_minute": jobs done in the last sixty seconds, "attempts_finished_total": attempts that the workers are
 * known to have ended, or null, "tries": attempts that a job gets at most, 0 where there is no end}`.
 *
 * # Safety
 * `arrival_rate` is a handle; `sample` points to `sample_length` bytes; `error` points to memory for a text, or is NULL.
 */
qa_status qa_arrival_rate_observe(qa_arrival_rate *arrival_rate,
                                  const char *sample,
                                  size_t sample_length,
                                  qa_text *error);

/**
 * `{"rate_per_second": …, "confidence": from 0 to 1, "dispersion": 1 for a Poisson stream}`.
 *
 * # Safety
 * `arrival_rate` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_arrival_rate_estimate(qa_arrival_rate *arrival_rate, qa_text *output);

/**
 * Calculates one number from others, which come as `{"name": number, …}`; the output is the number as JSON, or null where
 * there is none.
 *
 * `littles_law.busy_workers` (arrival_rate_per_second, service_time_seconds),
 * `littles_law.waiting_jobs` (arrival_rate_per_second, wait_seconds),
 * `littles_law.service_time` (busy_worker_seconds, jobs_done),
 * `backlog_drain.workers_for` (pending, time_left_seconds, service_time_seconds, boot_seconds, busy_workers, idle_workers,
 * least_seconds),
 * `pickup_time.probability_beyond` (seconds, workers, and the workload: arrival_rate_per_second, service_time_seconds,
 * arrival_squared_variation, service_squared_variation),
 * `pickup_time.percentile_seconds` (percentile, workers, and the workload),
 * `pickup_time.workers_for` (percentile, seconds, at_most, and the workload),
 * `capacity.workers_within` (cpu_limit_cores, cpu_used_cores, memory_limit_bytes, memory_used_bytes, worker_cpu_cores,
 * worker_memory_bytes, running_workers, max_cpu_percent, max_memory_percent).
 *
 * # Safety
 * Each text points to as many bytes as its length says; `output` points to memory for a text, or is NULL.
 */
qa_status qa_calculate(const char *calculation,
                       size_t calculation_length,
                       const char *arguments,
                       size_t arguments_length,
                       qa_text *output);

/**
 * A planner that knows of no host.
 *
 * # Safety
 * `configuration` is a handle; `cluster_planner` and `error` point to memory for what they get, or are NULL.
 */
qa_status qa_cluster_planner_new(qa_configuration *configuration, qa_cluster_planner **cluster_planner, qa_text *error);

/**
 * Ends a planner; NULL is fine.
 *
 * # Safety
 * `cluster_planner` is NULL or a handle that nobody else uses.
 */
qa_status qa_cluster_planner_free(qa_cluster_planner *cluster_planner);

/**
 * Takes in what all hosts report; one that is missing has left. A host that has not yet applied its last share counts with
 * that share. With a new `fencing_number`, that of whoever leads, only what runs counts, and no earlier share.
 *
 * `reports` is `{"host": "report", …}`, each report JSON of its own: `{"version": 1, "fencing_number": …, "serial": …,
 * "paused": …, "capacity": {…}, "workers": […]}`, the first two numbers those of the share that was applied last, the
 * capacity as `qa_host_monitor_read` returns it, the workers as `qa_supervisor_pools` does.
 *
 * The output is `{"workers": […], "host": {…}, "errors": [sentences]}`: the first two for `qa_engine_observe`; a host whose report cannot be used counts as gone.
 *
 * # Safety
 * `cluster_planner` is a handle; `reports` points to `reports_length` bytes; `output` points to memory for a text, or is
 * NULL.
 */
qa_status qa_cluster_planner_merge(qa_cluster_planner *cluster_planner,
                                   uint64_t fencing_number,
                                   const char *reports,
                                   size_t reports_length,
                                   qa_text *output);

/**
 * Shares out what was decided among the hosts of the last merge. `targets` is `[[connection, queues, workers, idle_floor],
 * …]`; a pool that is missing is to have no worker, and where `idle_floor` is, all stay although they find no job.
 *
 * The output is `{"serial": …, "hosts": [{"host": …, "workers": [[connection, queues, workers, idle_floor], …]}, …],
 * "unplaced": [[connection, queues, workers], …]}`: `serial` is 1 for the first shares under a fencing number, `unplaced` are
 * workers that no host has room for.
 *
 * # Safety
 * `cluster_planner` is a handle; `targets` points to `targets_length` bytes; `output` points to memory for a text, or is
 * NULL.
 */
qa_status qa_cluster_planner_plan(qa_cluster_planner *cluster_planner,
                                  const char *targets,
                                  size_t targets_length,
                                  qa_text *output);

/**
 * Reads a configuration: the array of config/queue-autoscale.php as JSON. `{}` is one, with every default.
 *
 * On success `configuration` gets a handle that ends with `qa_configuration_free`; engines and supervisors made from it
 * do not need it any more. `QA_STATUS_INVALID_CONFIGURATION` comes with a line for each error in `error`.
 *
 * # Safety
 * `json` points to `json_length` bytes; `configuration` and `error` point to memory for what they get, or are NULL.
 */
qa_status qa_configuration_new(const char *json, size_t json_length, qa_configuration **configuration, qa_text *error);

/**
 * Ends a configuration; NULL is fine.
 *
 * # Safety
 * `configuration` is NULL or a handle that nobody else uses.
 */
qa_status qa_configuration_free(qa_configuration *configuration);

/**
 * `{"enabled": …, "interval_seconds": …, "pools": [{"connection": …, "queues": …}, …], "warnings": [sentences],
 * "configuration": {…}}`: the pools are those that the configuration names, the last is the whole of it with its defaults
 * filled in, which `qa_configuration_new` takes back.
 *
 * # Safety
 * `configuration` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_configuration_describe(qa_configuration *configuration,
                                    qa_text *output);

/**
 * The pool that works a queue, `{"connection": …, "queues": …}`; `null` where nobody does.
 *
 * # Safety
 * `configuration` is a handle; each text points to as many bytes as its length says; `output` points to memory for a
 * text, or is NULL.
 */
qa_status qa_configuration_pool_of(qa_configuration *configuration,
                                   const char *connection,
                                   size_t connection_length,
                                   const char *queue,
                                   size_t queue_length,
                                   qa_text *output);

/**
 * What holds for a pool, under the keys that a queue has in the configuration.
 *
 * # Safety
 * As with `qa_configuration_pool_of`.
 */
qa_status qa_configuration_pool_settings(qa_configuration *configuration,
                                         const char *connection,
                                         size_t connection_length,
                                         const char *queues,
                                         size_t queues_length,
                                         qa_text *output);

/**
 * An engine that knows the configuration's pools and nothing of them yet.
 *
 * # Safety
 * `configuration` is a handle; `engine` and `error` point to memory for what they get, or are NULL.
 */
qa_status qa_engine_new(qa_configuration *configuration, qa_engine **engine, qa_text *error);

/**
 * Ends an engine; NULL is fine.
 *
 * # Safety
 * `engine` is NULL or a handle that nobody else uses.
 */
qa_status qa_engine_free(qa_engine *engine);

/**
 * Takes in one turn's numbers and renews the forecasts.
 *
 * `turn` is `{"metrics": {"connection:queue": {…}, …}, "workers": […], "host": {…}}`: the metrics as
 * QueueMetrics::getAllQueuesWithMetrics() returns them; the workers as `qa_supervisor_pools` returns them, or absent; the
 * host as `qa_host_monitor_read` returns it, or null, which bounds nothing. `now_seconds` is a monotonic clock's instant.
 * A row that cannot be read is an error of the evaluation, and its pool keeps its workers.
 *
 * # Safety
 * `engine` is a handle; `turn` points to `turn_length` bytes; `error` points to memory for a text, or is NULL.
 */
qa_status qa_engine_observe(qa_engine *engine,
                            const char *turn,
                            size_t turn_length,
                            double now_seconds,
                            qa_text *error);

/**
 * What the engine makes of each pool, for strategies to read: a table with a row for each pool in the order of their
 * names.
 *
 * # Safety
 * `engine` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_engine_forecasts(qa_engine *engine, qa_text *output);

/**
 * Turns the recommendations, or what others want instead of them, into decisions: bounds, then stabilisation, then
 * capacity and fair share. `recommendations` is `{"connection:queues": {"workers": 3, "reason": "…"}, …}`, or `{}`.
 *
 * The output is `{"decisions": table, "errors": [sentences]}`; the table has a row for each pool in the order of their
 * names.
 *
 * # Safety
 * `engine` is a handle; `recommendations` points to `recommendations_length` bytes; `output` points to memory for a text,
 * or is NULL.
 */
qa_status qa_engine_decide(qa_engine *engine,
                           const char *recommendations,
                           size_t recommendations_length,
                           qa_text *output);

/**
 * One turn: `qa_engine_observe`, then `qa_engine_decide` without anybody else's wish.
 *
 * # Safety
 * `engine` is a handle; `turn` points to `turn_length` bytes; `output` points to memory for a text, or is NULL.
 */
qa_status qa_engine_evaluate(qa_engine *engine,
                             const char *turn,
                             size_t turn_length,
                             double now_seconds,
                             qa_text *output);

/**
 * A host monitor. Where the host and a container around it have limits of their own, the configuration's shares decide
 * which of them is the tightest; NULL stands for the default ones.
 *
 * # Safety
 * `configuration` is a handle or NULL; `host_monitor` and `error` point to memory for what they get, or are NULL.
 */
qa_status qa_host_monitor_new(qa_configuration *configuration, qa_host_monitor **host_monitor, qa_text *error);

/**
 * Ends a host monitor; NULL is fine.
 *
 * # Safety
 * `host_monitor` is NULL or a handle that nobody else uses.
 */
qa_status qa_host_monitor_free(qa_host_monitor *host_monitor);

/**
 * The capacity now: `{"cpu_limit_cores": …, "cpu_used_cores": …, "memory_limit_bytes": …, "memory_used_bytes": …}`. It
 * never waits: CPU use is the difference to the reading before, so it is null in the first one.
 *
 * # Safety
 * `host_monitor` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_host_monitor_read(qa_host_monitor *host_monitor,
                               qa_text *output);

/**
 * `{"scenarios": [{"name": …, "possible": …, "configuration": {…}}, …], "strategies": [names]}`: what there is to simulate.
 * `possible` says whether anybody who cannot see the future could keep the promise, `configuration` holds the settings
 * that make the scenario what it is.
 *
 * # Safety
 * `output` points to memory for a text, or is NULL.
 */
qa_status qa_simulator_catalogue(qa_text *output);

/**
 * A simulator of `traffic`: `{"scenario": "NAME"}`, `{"recording": "PATH"}` of what queue:autoscale --record wrote, or
 * `{"arrivals": "PATH"}` of a CSV file. `seed` draws whatever is left to chance.
 *
 * # Safety
 * `configuration` is a handle; `traffic` points to `traffic_length` bytes; `simulator` and `error` point to memory for
 * what they get, or are NULL.
 */
qa_status qa_simulator_new(qa_configuration *configuration,
                           const char *traffic,
                           size_t traffic_length,
                           uint64_t seed,
                           qa_simulator **simulator,
                           qa_text *error);

/**
 * Ends a simulator; NULL is fine.
 *
 * # Safety
 * `simulator` is NULL or a handle that nobody else uses.
 */
qa_status qa_simulator_free(qa_simulator *simulator);

/**
 * `{"name": …, "jobs": …, "seconds": …, "turn_seconds": …, "boot_seconds": …, "pools": [{"connection": …, "queues": …,
 * "jobs": …, "mean_service_seconds": …, "real": …}, …]}`: what came in. `real` is null where the traffic is no recording,
 * else `{"mean_workers": …, "peak_workers": …, "mean_pickup_seconds": …}`.
 *
 * # Safety
 * `simulator` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_simulator_traffic(qa_simulator *simulator,
                               qa_text *output);

/**
 * Begins a run under a configuration, which must work the traffic's queues in the same pools.
 *
 * `run` is `{"name": …, "strategy": …, "turn_seconds": …, "boot_seconds": …}`, each of which may be absent or null: the
 * strategy is the engine then, a time the recorded one, else the configuration's. A run that is under way is dropped.
 *
 * # Safety
 * `simulator` and `configuration` are handles; `run` points to `run_length` bytes; `error` points to memory for a text, or
 * is NULL.
 */
qa_status qa_simulator_start(qa_simulator *simulator,
                             qa_configuration *configuration,
                             const char *run,
                             size_t run_length,
                             qa_text *error);

/**
 * Lets the run's strategy decide up to so many turns. The output is how much of the run is done, `1.0` for all of it.
 *
 * # Safety
 * `simulator` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_simulator_advance(qa_simulator *simulator, uint32_t turns, qa_text *output);

/**
 * Goes on to the run's next turn, for the caller to decide. The output is `true`, or `false` once the run is over.
 *
 * # Safety
 * `simulator` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_simulator_observe(qa_simulator *simulator, qa_text *output);

/**
 * What the engine makes of each pool in this turn, as `qa_engine_forecasts` tells it.
 *
 * # Safety
 * `simulator` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_simulator_forecasts(qa_simulator *simulator, qa_text *output);

/**
 * Decides this turn, with recommendations and an output as `qa_engine_decide` has them.
 *
 * # Safety
 * `simulator` is a handle; `recommendations` points to `recommendations_length` bytes; `output` points to memory for a
 * text, or is NULL.
 */
qa_status qa_simulator_decide(qa_simulator *simulator,
                              const char *recommendations,
                              size_t recommendations_length,
                              qa_text *output);

/**
 * `{"progress": …, "results": [{…}, …]}`: how much of the run under way is done, 1.0 where none is, and the figures of all
 * runs that are over.
 *
 * # Safety
 * `simulator` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_simulator_results(qa_simulator *simulator,
                               qa_text *output);

/**
 * All runs that are over as one HTML page with charts, which needs no other file; a text in JSON.
 *
 * # Safety
 * `simulator` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_simulator_report(qa_simulator *simulator, qa_text *output);

/**
 * A supervisor without workers. It puts signal handlers in place for SIGTERM, SIGINT, SIGQUIT, SIGCHLD, SIGUSR2 and
 * SIGCONT, and puts the former ones back when it ends.
 *
 * # Safety
 * `configuration` is a handle; `supervisor` and `error` point to memory for what they get, or are NULL.
 */
qa_status qa_supervisor_new(qa_configuration *configuration, qa_supervisor **supervisor, qa_text *error);

/**
 * Ends a supervisor without waiting; NULL is fine. `qa_supervisor_shutdown` waits until the last worker is gone.
 *
 * # Safety
 * `supervisor` is NULL or a handle that nobody else uses.
 */
qa_status qa_supervisor_free(qa_supervisor *supervisor);

/**
 * From now on workers carry the mark of `application`, by which a later manager finds those that this one leaves behind when it is
 * killed. Those that an earlier one has left are taken in: each fills a place of its pool, and is ended when the time of its job is
 * over. Only Linux tells of them.
 *
 * # Safety
 * `supervisor` is a handle; the text points to as many bytes as its length says; `error` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_adopt(qa_supervisor *supervisor,
                              const char *application,
                              size_t application_length,
                              qa_text *error);

/**
 * Starts or stops workers of a pool until `target` of them run. Returns at once:
 * `{"started": …, "stopped": …, "backing_off": …}`. Whoever is asked to leave does so after the job that it is in. Until
 * `qa_supervisor_supervise` has lasted for all of its time, workers that find no job leave by themselves while there are
 * more than `idle_floor`, though not before the pool's workers have started the `waiting_jobs` that wait now.
 *
 * # Safety
 * `supervisor` is a handle; each text points to as many bytes as its length says; `output` points to memory for a text,
 * or is NULL.
 */
qa_status qa_supervisor_scale(qa_supervisor *supervisor,
                              const char *connection,
                              size_t connection_length,
                              const char *queues,
                              size_t queues_length,
                              uint32_t target,
                              uint32_t idle_floor,
                              uint64_t waiting_jobs,
                              qa_text *output);

/**
 * Lets workers of a pool that find no job leave by themselves while there are more than `idle_floor`, until
 * `qa_supervisor_supervise` has lasted for all of its time: as `qa_supervisor_scale` does, but nobody is started or asked to
 * leave.
 *
 * # Safety
 * `supervisor` is a handle; each text points to as many bytes as its length says; `error` points to memory for a text, or is
 * NULL.
 */
qa_status qa_supervisor_let_idle_leave(qa_supervisor *supervisor,
                                       const char *connection,
                                       size_t connection_length,
                                       const char *queues,
                                       size_t queues_length,
                                       uint32_t idle_floor,
                                       qa_text *error);

/**
 * An outage is over that began less than `seconds` ago, of a server that workers need. Those that back off since they failed
 * within that time are started by the next `qa_supervisor_supervise`, and these failures count no more.
 *
 * # Safety
 * `supervisor` is a handle; `error` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_end_back_off(qa_supervisor *supervisor,
                                     double seconds,
                                     qa_text *error);

/**
 * Watches over all workers for `seconds` and returns what happened, a list of `{"type": …, …}`. Returns earlier when
 * something happened that the caller must know, when a signal came that is somebody else's, or when a shutdown is complete.
 *
 * # Safety
 * `supervisor` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_supervise(qa_supervisor *supervisor,
                                  double seconds,
                                  qa_text *output);

/**
 * All pools that ever had a worker, a list that `qa_engine_observe` and `qa_engine_evaluate` take.
 *
 * # Safety
 * `supervisor` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_pools(qa_supervisor *supervisor, qa_text *output);

/**
 * All workers, a list.
 *
 * # Safety
 * `supervisor` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_workers(qa_supervisor *supervisor, qa_text *output);

/**
 * What signals asked for: `{"stop_requested": the signal's number or null, "paused": …}`.
 *
 * # Safety
 * `supervisor` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_state(qa_supervisor *supervisor, qa_text *output);

/**
 * Whether each line that a worker writes is told as an event.
 *
 * # Safety
 * `supervisor` is a handle; `error` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_tell_output(qa_supervisor *supervisor, bool tells, qa_text *error);

/**
 * Asks all workers at once to leave; `qa_supervisor_supervise` kills those that have not in time. No worker is started any
 * more.
 *
 * # Safety
 * `supervisor` is a handle; `error` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_begin_shutdown(qa_supervisor *supervisor,
                                       qa_text *error);

/**
 * Ends all workers and waits until the last one is gone: `{"workers": …, "killed": …, "seconds": …, "events": […]}`.
 *
 * # Safety
 * `supervisor` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_shutdown(qa_supervisor *supervisor,
                                 qa_text *output);

/**
 * Kills all workers, and all that they have spawned, now.
 *
 * # Safety
 * `supervisor` is a handle; `error` points to memory for a text, or is NULL.
 */
qa_status qa_supervisor_kill_all(qa_supervisor *supervisor, qa_text *error);

/**
 * Gives a text back and makes it empty, so that doing it twice is harmless. NULL and empty texts are left alone.
 *
 * # Safety
 * `text` is NULL or points to a text that this library wrote, or that was set to zeros.
 */
void qa_text_free(qa_text *text);

/**
 * A trend of nothing yet.
 *
 * # Safety
 * `trend` and `error` point to memory for what they get, or are NULL.
 */
qa_status qa_trend_new(qa_trend **trend, qa_text *error);

/**
 * Ends a trend; NULL is fine.
 *
 * # Safety
 * `trend` is NULL or a handle that nobody else uses.
 */
qa_status qa_trend_free(qa_trend *trend);

/**
 * Takes in `arrivals` over the last `elapsed_seconds`.
 *
 * # Safety
 * `trend` is a handle; `error` points to memory for a text, or is NULL.
 */
qa_status qa_trend_record(qa_trend *trend, double arrivals, double elapsed_seconds, qa_text *error);

/**
 * The trend over the last `window_seconds`, and the rate in `horizon_seconds` given the rate now:
 * `{"slope_per_second_squared": 0 where none is significant, "rate_per_second": …, "lower_per_second": …,
 * "upper_per_second": …}`, the last two being the range that it lies in with 95 % probability.
 *
 * # Safety
 * `trend` is a handle; `output` points to memory for a text, or is NULL.
 */
qa_status qa_trend_forecast(qa_trend *trend,
                            double rate_per_second,
                            double horizon_seconds,
                            double window_seconds,
                            qa_text *output);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* QUEUE_AUTOSCALE_H */
