/* What the programs of this folder share. */

#ifndef SUPPORT_H
#define SUPPORT_H

#include "queue_autoscale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with the library's message where a call did not go well. */
static inline void must(qa_status status, const char *call, qa_text *text)
{
    if (status != QA_STATUS_OK) {
        fprintf(stderr, "%s: status %d: %s\n", call, (int)status, text->data == NULL ? "no message" : text->data);
        exit(1);
    }
}

static inline char *read_file(const char *path)
{
    char *content = NULL;
    size_t length = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    for (;;) {
        char *grown = realloc(content, length + 4096 + 1);
        if (grown == NULL) {
            exit(1);
        }
        content = grown;
        size_t count = fread(content + length, 1, 4096, file);
        length += count;
        if (count == 0) {
            break;
        }
    }
    content[length] = '\0';
    fclose(file);
    return content;
}

/* What is between the program and a decision: the turn's JSON is put together from what others returned. */
static inline char *turn_of(const char *metrics, const char *host)
{
    static const char format[] = "{\"metrics\": %s, \"workers\": [], \"host\": %s}";
    size_t size = sizeof format + strlen(metrics) + strlen(host);
    char *turn = malloc(size);
    if (turn == NULL) {
        exit(1);
    }
    snprintf(turn, size, format, metrics, host);
    return turn;
}

#endif
