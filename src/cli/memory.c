/* memory.c - what a training takes of memory, as planned and as it was. */
#include "command.h"

size_t cli_print_memory(FILE *out, bool json, const descent_memory_part *part, size_t n)
{
    size_t all = 0;

    for (size_t i = 0; i < n; i++)
        all += part[i].bytes;
    if (json) {
        json_t *line = json_pack("{s:s}", "event", "memory");
        for (size_t i = 0; i < n; i++)
            json_object_set_new(line, part[i].name, json_integer((json_int_t)part[i].bytes));
        json_object_set_new(line, "all", json_integer((json_int_t)all));
        cli_json_line(line);
    }
    if (!out)
        return all;
    fprintf(out, "memory     %9.2f MB in all\n", (double)all / 1e6);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "           %9.2f MB %-11s %s\n", (double)part[i].bytes / 1e6, part[i].name,
                part[i].about);
    return all;
}

void cli_print_peak(FILE *out, size_t planned, size_t peak)
{
    if (peak > 0)
        fprintf(out, "memory     %.2f MB at most, planned %.2f MB\n", (double)peak / 1e6,
                (double)planned / 1e6);
}
