/* findings.c - what went wrong, in words and as JSON. */
#include "command.h"

#include <string.h>

enum { SHOWN = 3 }; /* more would hide the first */
enum { INDENT = 11, COLUMNS = 100 };

json_t *cli_findings_json(const descent_finding *f)
{
    json_t *list = json_array();

    for (; f->name; f++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:f, s:s, s:s, s:s, s:s}", "name", f->name,
                                        "severity", descent_severity_text(f->severity),
                                        "confidence", f->confidence, "evidence", f->evidence,
                                        "cause", f->cause, "remedy", f->remedy, "flags", f->flags));
    return list;
}

/* A paragraph behind its label, broken at blanks; the lines that follow stand under the first. */
static void print_paragraph(FILE *out, const char *label, const char *text)
{
    int column = fprintf(out, "%*s%s", INDENT, "", label);

    while (*text) {
        const int length = (int)strcspn(text, " ");
        if (column + 1 + length > COLUMNS)
            column = fprintf(out, "\n%*s", INDENT, "") - 1;
        else if (column > INDENT)
            column += fprintf(out, " ");
        column += fprintf(out, "%.*s", length, text);
        text += length;
        text += strspn(text, " ");
    }
    putc('\n', out);
}

static const char *how_sure(double confidence)
{
    return confidence >= 0.75 ? "" : confidence >= 0.4 ? " (likely)" : " (perhaps)";
}

void cli_findings_show(FILE *out, const descent_finding *f)
{
    for (int i = 0; i < SHOWN && f->name; i++, f++) {
        fprintf(out, "%-*s%s%s\n", INDENT, descent_severity_text(f->severity), f->name,
                how_sure(f->confidence));
        print_paragraph(out, "", f->evidence);
        print_paragraph(out, "why:", f->cause);
        print_paragraph(out, "try:", f->remedy);
        if (f->flags[0])
            fprintf(out, "%*s     %s\n", INDENT, "", f->flags);
    }
}
