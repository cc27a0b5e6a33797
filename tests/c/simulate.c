/* Two hours of a scenario that never were, through the engine and through a strategy of the program's own. */

#include "support.h"

/* Lets the engine decide until the run is over. */
static void advance(qa_simulator *simulator)
{
    qa_text done = {NULL, 0};
    bool over = false;

    while (!over) {
        must(qa_simulator_advance(simulator, 500, &done), "qa_simulator_advance", &done);
        over = strcmp(done.data, "1.0") == 0;
        qa_text_free(&done);
    }
}

/* Wants one worker always. */
static void decide(qa_simulator *simulator)
{
    static const char wish[] = "{\"redis:default\": {\"workers\": 1, \"reason\": \"one is enough\"}}";
    qa_text text = {NULL, 0};
    bool goes_on = true;

    while (goes_on) {
        must(qa_simulator_observe(simulator, &text), "qa_simulator_observe", &text);
        goes_on = strcmp(text.data, "true") == 0;
        qa_text_free(&text);
        if (goes_on) {
            must(qa_simulator_forecasts(simulator, &text), "qa_simulator_forecasts", &text);
            qa_text_free(&text);
            must(qa_simulator_decide(simulator, wish, strlen(wish), &text), "qa_simulator_decide", &text);
            qa_text_free(&text);
        }
    }
}

int main(void)
{
    static const char settings[] = "{\"connection\": \"redis\", \"defaults\": {\"max_workers\": 20}}";
    static const char traffic[] = "{\"scenario\": \"sparse\"}";
    static const char engine[] = "{\"name\": \"engine\", \"turn_seconds\": 2.0}";
    static const char own[] = "{\"name\": \"own\"}";
    qa_configuration *configuration = NULL;
    qa_simulator *simulator = NULL;
    qa_text text = {NULL, 0};

    must(qa_configuration_new(settings, strlen(settings), &configuration, &text), "qa_configuration_new", &text);
    must(qa_simulator_new(configuration, traffic, strlen(traffic), 1, &simulator, &text), "qa_simulator_new", &text);
    must(qa_simulator_start(simulator, configuration, engine, strlen(engine), &text), "qa_simulator_start", &text);
    advance(simulator);
    must(qa_simulator_start(simulator, configuration, own, strlen(own), &text), "qa_simulator_start", &text);
    decide(simulator);
    must(qa_simulator_report(simulator, &text), "qa_simulator_report", &text);
    qa_text_free(&text);
    must(qa_simulator_results(simulator, &text), "qa_simulator_results", &text);
    puts(text.data);
    qa_text_free(&text);
    qa_simulator_free(simulator);
    qa_configuration_free(configuration);
    return 0;
}
