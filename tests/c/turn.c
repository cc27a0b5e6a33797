/* One turn from C: a configuration, what QueueMetrics returned (the file named first), the host, a decision for each pool. */

#include "support.h"

int main(int count, char **arguments)
{
    static const char settings[] = "{\"defaults\": {\"max_workers\": 5}}";
    qa_configuration *configuration = NULL;
    qa_engine *engine = NULL;
    qa_host_monitor *host_monitor = NULL;
    qa_text text = {NULL, 0};
    qa_text host = {NULL, 0};
    char *metrics, *turn;

    if (count != 2) {
        fprintf(stderr, "usage: %s FILE-OF-METRICS\n", arguments[0]);
        return 2;
    }
    if (qa_abi_version() != QA_ABI_VERSION) {
        fprintf(stderr, "library %s speaks version %u of the interface\n", qa_version(), (unsigned)qa_abi_version());
        return 1;
    }

    must(qa_configuration_new(settings, strlen(settings), &configuration, &text), "qa_configuration_new", &text);
    must(qa_engine_new(configuration, &engine, &text), "qa_engine_new", &text);
    must(qa_host_monitor_new(configuration, &host_monitor, &text), "qa_host_monitor_new", &text);
    qa_configuration_free(configuration);

    metrics = read_file(arguments[1]);
    must(qa_host_monitor_read(host_monitor, &host), "qa_host_monitor_read", &host);
    turn = turn_of(metrics, host.data);
    must(qa_engine_evaluate(engine, turn, strlen(turn), 0.0, &text), "qa_engine_evaluate", &text);
    puts(text.data);

    qa_text_free(&text);
    qa_text_free(&host);
    free(turn);
    free(metrics);
    qa_host_monitor_free(host_monitor);
    qa_engine_free(engine);
    return 0;
}
