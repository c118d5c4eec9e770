/* findings.c - what went wrong, in words and as JSON. */
#include "command.h"

#include <string.h>

enum { SHOWN = 3 }; /* more would hide the first */
enum { INDENT = 11, COLUMNS = 100 };

static json_t *finding_json(const descent_finding *f)
{
    return json_pack("{s:s, s:s, s:f, s:s, s:s, s:s, s:s}", "name", f->name, "severity",
                     descent_severity_text(f->severity), "confidence", f->confidence, "evidence",
                     f->evidence, "cause", f->cause, "remedy", f->remedy, "flags", f->flags);
}

static bool is_confirmed(const descent_confirmation *c, const descent_finding *f)
{
    return c && c->finding && strcmp(c->finding, f->name) == 0;
}

json_t *cli_findings_json(const descent_finding *f, const descent_confirmation *confirmed)
{
    json_t *list = json_array();

    for (; f->name; f++) {
        json_t *one = finding_json(f);
        if (is_confirmed(confirmed, f)) {
            json_object_set_new(one, "confirmed", json_boolean(confirmed->confirmed));
            json_object_set_new(one, "confirmation", cli_confirmation_json(confirmed));
        }
        json_array_append_new(list, one);
    }
    return list;
}

/* A paragraph behind its label, broken at blanks; the lines that follow stand under the first. */
void cli_paragraph(FILE *out, int indent, const char *label, const char *text)
{
    int column = fprintf(out, "%s", label);
    bool begins = column == indent;

    while (*text) {
        const int length = (int)strcspn(text, " ");
        if (column + 1 + length > COLUMNS)
            column = fprintf(out, "\n%*s", indent, "") - 1;
        else if (!begins)
            column += fprintf(out, " ");
        begins = false;
        column += fprintf(out, "%.*s", length, text);
        text += length;
        text += strspn(text, " ");
    }
    putc('\n', out);
}

static void print_part(FILE *out, const char *label, const char *text)
{
    char first[INDENT + 16];

    snprintf(first, sizeof first, "%*s%s", INDENT, "", label);
    cli_paragraph(out, INDENT, first, text);
}

static const char *how_sure(double confidence)
{
    return confidence >= 0.75 ? "" : confidence >= 0.4 ? " (likely)" : " (perhaps)";
}

void cli_finding_new(cli_progress *p, const descent_finding *f, int64_t step)
{
    if (p->json) {
        json_t *line = json_pack("{s:s, s:I}", "event", "finding", "step", (json_int_t)step);
        json_object_update_new(line, finding_json(f));
        cli_json_line(line);
    }
    if (p->quiet || f->severity == DESCENT_NOTE)
        return;
    cli_progress_clear(p);
    fprintf(p->out, "%-*s%s: %s\n", INDENT, descent_severity_text(f->severity), f->name,
            f->evidence);
    fflush(p->out);
}

void cli_findings_show(FILE *out, const descent_finding *f, const descent_confirmation *confirmed)
{
    for (int i = 0; i < SHOWN && f->name; i++, f++) {
        fprintf(out, "%-*s%s%s\n", INDENT, descent_severity_text(f->severity), f->name,
                how_sure(f->confidence));
        print_part(out, "", f->evidence);
        print_part(out, "why:", f->cause);
        print_part(out, "try:", f->remedy);
        if (f->flags[0])
            fprintf(out, "%*s     %s\n", INDENT, "", f->flags);
        if (is_confirmed(confirmed, f))
            print_part(out, "", confirmed->sentence);
    }
}
