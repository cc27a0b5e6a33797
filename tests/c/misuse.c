/* Each wrong use gets QA_STATUS_INVALID_ARGUMENT and a message with the argument's name; the right use after it works. */

#include "queue_autoscale.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;

static void expect(const char *what, qa_status status, qa_status wanted, qa_text *text, const char *part)
{
    const char *message = text->data == NULL ? "" : text->data;
    if (status != wanted || strstr(message, part) == NULL || strlen(message) != text->length) {
        fprintf(stderr, "%s: status %d: %s\n", what, (int)status, message);
        failures++;
    }
    qa_text_free(text);
}

#define REFUSED(call, part) expect(#call, call, QA_STATUS_INVALID_ARGUMENT, &text, part)
#define DONE(call) expect(#call, call, QA_STATUS_OK, &text, "")

int main(void)
{
    static const char turn[] = "{\"metrics\": {}}";
    static const char broken[] = "{\"metrics\": ";
    static const char no_utf8[] = "\"\xff\xfe\"";
    static const char unknown[] = "{\"maximum\": 3}";
    static const char wish[] = "{\"redis:nobody\": {\"workers\": 3, \"reason\": \"because\"}}";
    const double infinite = 1e308 * 10.0;
    uint64_t nonsense[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    qa_configuration *configuration = NULL;
    qa_engine *engine = NULL;
    qa_supervisor *supervisor = NULL;
    qa_supervisor *second = NULL;
    qa_text text = {NULL, 0};

    REFUSED(qa_configuration_new(NULL, 2, &configuration, &text), "json: NULL");
    REFUSED(qa_configuration_new("{}", 2, NULL, &text), "configuration: NULL");
    REFUSED(qa_configuration_new("{}", SIZE_MAX, &configuration, &text), "json: a length");
    REFUSED(qa_configuration_new(no_utf8, sizeof no_utf8 - 1, &configuration, &text), "json: no UTF-8");
    REFUSED(qa_configuration_new("", 0, &configuration, &text), "json: ");
    expect("unknown key", qa_configuration_new(unknown, strlen(unknown), &configuration, &text),
           QA_STATUS_INVALID_CONFIGURATION, &text, "maximum");
    if (configuration != NULL) {
        fprintf(stderr, "a failed call left a handle\n");
        failures++;
    }
    DONE(qa_configuration_new("{}", 2, &configuration, &text));

    REFUSED(qa_engine_new(NULL, &engine, &text), "configuration: NULL");
    REFUSED(qa_engine_new((qa_configuration *)nonsense, &engine, &text), "configuration: something else");
    REFUSED(qa_engine_new((qa_configuration *)((char *)nonsense + 1), &engine, &text), "configuration: a strange pointer");
    DONE(qa_engine_new(configuration, &engine, &text));

    REFUSED(qa_engine_evaluate(NULL, turn, strlen(turn), 0.0, &text), "engine: NULL");
    REFUSED(qa_engine_evaluate((qa_engine *)configuration, turn, strlen(turn), 0.0, &text), "engine: something else");
    REFUSED(qa_engine_evaluate(engine, turn, strlen(turn), infinite, &text), "now_seconds: inf");
    REFUSED(qa_engine_evaluate(engine, broken, strlen(broken), 0.0, &text), "turn: ");
    REFUSED(qa_engine_decide(engine, wish, strlen(wish), &text), "redis:nobody");
    DONE(qa_engine_evaluate(engine, turn, strlen(turn), 0.0, &text));
    DONE(qa_engine_evaluate(engine, turn, strlen(turn), 1.0, NULL));

    DONE(qa_supervisor_new(configuration, &supervisor, &text));
    REFUSED(qa_supervisor_supervise(supervisor, -1.0, &text), "seconds: -1");
    REFUSED(qa_supervisor_scale(supervisor, "redis", 5, NULL, 5, 1, 1, 0, &text), "queues: NULL");
    expect("second supervisor", qa_supervisor_new(configuration, &second, &text), QA_STATUS_SUPERVISOR_ERROR, &text,
           "already");
    if (qa_engine_free((qa_engine *)configuration) != QA_STATUS_INVALID_ARGUMENT) {
        fprintf(stderr, "a configuration was freed as an engine\n");
        failures++;
    }
    if (qa_engine_free(engine) != QA_STATUS_OK || qa_engine_free(NULL) != QA_STATUS_OK) {
        fprintf(stderr, "an engine could not be freed\n");
        failures++;
    }
    qa_supervisor_free(supervisor);
    qa_configuration_free(configuration);
    qa_text_free(&text);
    qa_text_free(NULL);
    return failures == 0 ? 0 : 1;
}
