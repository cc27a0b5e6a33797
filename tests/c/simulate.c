/* A minute of traffic that never was: ten jobs a second of half a second each, through the engine. */

#include "support.h"

#define JOBS 600

int main(void)
{
    static const char settings[] = "{\"connection\": \"redis\", \"defaults\": {\"max_workers\": 20}}";
    static char traffic[JOBS * 32];
    qa_configuration *configuration = NULL;
    qa_text text = {NULL, 0};
    size_t length;
    int job;

    length = (size_t)sprintf(traffic, "{\"pools\": [{\"connection\": \"redis\", \"queues\": \"default\", \"jobs\": [");
    for (job = 0; job < JOBS; job++) {
        length += (size_t)sprintf(traffic + length, "%s[%d.%d, 0.5]", job == 0 ? "" : ", ", job / 10, job % 10);
    }
    length += (size_t)sprintf(traffic + length, "]}]}");

    must(qa_configuration_new(settings, strlen(settings), &configuration, &text), "qa_configuration_new", &text);
    must(qa_simulate(configuration, traffic, length, &text), "qa_simulate", &text);
    puts(text.data);
    qa_text_free(&text);
    qa_configuration_free(configuration);
    return 0;
}
