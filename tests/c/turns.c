/*
 * As many turns as the second argument says, with all that a manager does in one, good and bad: for valgrind, which sees what is
 * not given back. The first argument is a file of metrics.
 */

#include "support.h"

static const char settings[] = "{\"defaults\": {\"max_workers\": 5}}";
static const char bad_settings[] = "{\"defaults\": {\"max_worker\": 5}}";
static const char bad_turn[] = "{\"metrics\": {\"redis:default\": {\"depth\": {\"pending\": -1}}}}";
static const char wish[] = "{\"redis:default\": {\"workers\": 3, \"reason\": \"so many\"}}";

static void expect_refusal(qa_status status, qa_text *text)
{
    if (status == QA_STATUS_OK || text->length == 0) {
        fprintf(stderr, "it was not refused\n");
        exit(1);
    }
    qa_text_free(text);
}

int main(int count, char **arguments)
{
    qa_configuration *configuration = NULL;
    qa_engine *engine = NULL;
    qa_host_monitor *host_monitor = NULL;
    qa_text text = {NULL, 0};
    qa_text host = {NULL, 0};
    char *metrics, *turn;
    long turns, number;

    if (count != 3) {
        fprintf(stderr, "usage: %s FILE-OF-METRICS TURNS\n", arguments[0]);
        return 2;
    }
    turns = strtol(arguments[2], NULL, 10);
    metrics = read_file(arguments[1]);
    must(qa_configuration_new(settings, strlen(settings), &configuration, &text), "qa_configuration_new", &text);
    must(qa_engine_new(configuration, &engine, &text), "qa_engine_new", &text);
    must(qa_host_monitor_new(configuration, &host_monitor, &text), "qa_host_monitor_new", &text);
    qa_configuration_free(configuration);

    for (number = 0; number < turns; number++) {
        double now_seconds = 5.0 * (double)number;

        must(qa_host_monitor_read(host_monitor, &host), "qa_host_monitor_read", &host);
        turn = turn_of(metrics, host.data);
        qa_text_free(&host);
        must(qa_engine_observe(engine, turn, strlen(turn), now_seconds, &text), "qa_engine_observe", &text);
        must(qa_engine_forecasts(engine, &text), "qa_engine_forecasts", &text);
        qa_text_free(&text);
        must(qa_engine_decide(engine, wish, strlen(wish), &text), "qa_engine_decide", &text);
        qa_text_free(&text);
        must(qa_engine_evaluate(engine, turn, strlen(turn), now_seconds + 1.0, &text), "qa_engine_evaluate", &text);
        qa_text_free(&text);
        must(qa_engine_evaluate(engine, bad_turn, strlen(bad_turn), now_seconds + 2.0, &text), "a bad row", &text);
        qa_text_free(&text);
        expect_refusal(qa_engine_evaluate(engine, turn, strlen(turn) - 1, now_seconds, &text), &text);
        expect_refusal(qa_configuration_new(bad_settings, strlen(bad_settings), &configuration, &text), &text);
        free(turn);
    }

    free(metrics);
    qa_host_monitor_free(host_monitor);
    qa_engine_free(engine);
    return 0;
}
