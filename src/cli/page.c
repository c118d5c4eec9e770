/* page.c - the page of a command that measures something: --report FILE. */
#include "command.h"

#include <stdlib.h>

int cli_page_begin(const char *file)
{
    if (!file || descent_report_available())
        return EXIT_DONE;
    return cli_complain("--report: this build of descent has no pages, because npm or the network "
                        "was missing when it was built");
}

int cli_page_write(const char *file, const json_t *object)
{
    descent_error err;
    char *text = file ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;

    if (!file)
        return EXIT_DONE;
    if (!text)
        return cli_complain("out of memory for the page");
    const descent_status status = descent_report_write(file, text, &err);
    free(text);
    return status ? cli_fail(&err) : EXIT_DONE;
}
