/* write.c - puts data into the page of its kind. */
#include "descent/report.h"

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "report/pieces.h"

#include <string.h>

static const char *const kinds[] = {"minimize", "train", "view", "compare", "find-lr", "landscape"};
enum { N_OWN = 3 /* kinds with a page of their own */, N_KINDS = sizeof kinds / sizeof *kinds };

int descent_report_available(void)
{
    return dsc_page_pieces[0].name != NULL;
}

static descent_status unknown_kind(const char *kind, descent_error *err)
{
    const char *nearest = descent_nearest(kind, kinds, N_KINDS);

    return dsc_fail(err, DESCENT_UNKNOWN, "no page draws data of the kind '%.60s'%s%s%s", kind,
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* The name of the page that draws `json`, from its "kind". */
static descent_status find_page(const char *json, const char **page, descent_error *err)
{
    dsc_json_fault problem = {0};
    json_t *object = dsc_json_read(json, strlen(json), &problem);

    if (!object && !problem.reason)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a page");
    if (!object)
        return dsc_fail_at(err, DESCENT_SYNTAX,
                           ((dsc_place){.file = "data of the page",
                                        .line = problem.line,
                                        .column = problem.column}),
                           "the data of the page is no JSON: %s", problem.reason);
    const char *kind = json_string_value(json_object_get(object, "kind"));
    descent_status status = DESCENT_OK;
    *page = "general";
    int i = 0;
    while (kind && i < N_KINDS && strcmp(kind, kinds[i]) != 0)
        i++;
    if (!kind)
        status = dsc_fail(err, DESCENT_SYNTAX, "data of a page must be an object with a \"kind\"");
    else if (i == N_KINDS)
        status = unknown_kind(kind, err);
    else if (i < N_OWN)
        *page = kinds[i];
    json_decref(object);
    return status;
}

/* JSON inside a script element: no "<" may stand there, which could end or comment out the element.
 * JSON has it in texts only, where \u003c means the same; U+2028 and U+2029 likewise, for programs
 * that read the data as a script. */
static void add_data(dsc_strbuf *out, const char *json)
{
    const char *begin = json, *at = json;

    for (; *at; at++) {
        const bool angle = *at == '<';
        const bool separator =
            strncmp(at, "\xE2\x80\xA8", 3) == 0 || strncmp(at, "\xE2\x80\xA9", 3) == 0;
        if (!angle && !separator)
            continue;
        dsc_strbuf_add_n(out, begin, (size_t)(at - begin));
        dsc_strbuf_add(out, angle ? "\\u003c" : at[2] == '\xA8' ? "\\u2028" : "\\u2029");
        at += separator ? 2 : 0;
        begin = at + 1;
    }
    dsc_strbuf_add_n(out, begin, (size_t)(at - begin));
}

/* A template: text, the data, text, the chart library, text. */
static void assemble(dsc_strbuf *out, const dsc_piece *page, const char *text,
                     const dsc_piece *charts, const char *library, const char *json)
{
    dsc_strbuf_add_n(out, text, page->part[0]);
    add_data(out, json);
    dsc_strbuf_add_n(out, text + page->part[0], page->part[1]);
    dsc_strbuf_add_n(out, library, charts->length);
    dsc_strbuf_add_n(out, text + page->part[0] + page->part[1], page->part[2]);
}

descent_status descent_report_text(char **out, const char *json, descent_error *err)
{
    char *text = NULL, *library = NULL;
    dsc_strbuf made = {0};
    const char *name;

    *out = NULL;
    if (!descent_report_available())
        return dsc_fail(
            err, DESCENT_BACKEND,
            "this build of descent has no pages: npm or the network was missing when it "
            "was built, or they were switched off");
    DSC_TRY(find_page(json, &name, err));
    /* surfaces need the larger library, and every page that has one says the word */
    const bool deep = strstr(json, "\"surface\"") || strstr(json, "\"scatter3d\"");
    const dsc_piece *page = dsc_piece_find(dsc_page_pieces, name);
    const dsc_piece *charts = dsc_piece_find(dsc_charts_pieces, deep ? "charts-3d" : "charts-2d");
    descent_status status = dsc_piece_unpack(&text, page, err);
    if (status == DESCENT_OK)
        status = dsc_piece_unpack(&library, charts, err);
    if (status == DESCENT_OK)
        assemble(&made, page, text, charts, library, json);
    dsc_free(text);
    dsc_free(library);
    if (status == DESCENT_OK && made.failed)
        status = dsc_fail(err, DESCENT_NOMEM, "out of memory for a page");
    if (status == DESCENT_OK)
        *out = made.text;
    else
        dsc_strbuf_free(&made);
    return status;
}

void descent_report_text_free(char *text)
{
    dsc_free(text);
}

descent_status descent_report_write(const char *path, const char *json, descent_error *err)
{
    dsc_writer writer;
    char *text;

    DSC_TRY(descent_report_text(&text, json, err));
    descent_status status = dsc_writer_open(&writer, path, err);
    if (status == DESCENT_OK) {
        dsc_writer_write(&writer, text, strlen(text));
        status = dsc_writer_commit(&writer, err);
    }
    descent_report_text_free(text);
    return status;
}
