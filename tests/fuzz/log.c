/* log.c - fuzz: log.jsonl, as the library reads it (train/log_read.c) and as the command does
 * (cli/runlog.c). */
#include "fuzz.h"

#include "runlog.h"
#include "train/log.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The command's, which prints. */
int cli_complain(const char *fmt, ...)
{
    char sentence[1024];
    va_list args;

    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    fuzz_require(sentence[0] && !strchr(sentence, '\n'));
    return EXIT_USAGE;
}

static void read_as_command(void)
{
    const char *name[CLI_MAX_NAMES];
    cli_log log;

    if (cli_log_open(&log, fuzz_folder()) == EXIT_DONE) {
        const size_t n = cli_log_names(&log, name);
        fuzz_require(n <= CLI_MAX_NAMES);
        const json_t *layers = cli_log_layers(&log);
        for (size_t i = 0; i < n; i++)
            for (int layer = -1; layer < (layers ? 2 : 0); layer++) {
                cli_points points = cli_log_points(&log, name[i], layer);
                fuzz_require(points.n <= json_array_size(log.line));
                free(points.step);
                free(points.value);
            }
    }
    cli_log_close(&log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    descent_error err = {0};
    json_t *events;

    fuzz_file(0, "log.jsonl", data, size);
    if (fuzz_judge(dsc_log_read(&events, fuzz_folder(), &err), &err)) {
        fuzz_require(json_is_array(events));
        json_decref(events);
    }
    read_as_command();
    return 0;
}
