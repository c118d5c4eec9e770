/* write.c - puts data into the page of its kind. */
#include "descent/report.h"

#include "base/file.h"
#include "base/memory.h"
#include "report/pieces.h"

#include <jansson.h>
#include <string.h>

static const char *const kinds[] = {"minimize", "train", "compare", "find-lr", "landscape"};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

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
    json_error_t problem;
    json_t *object = json_loads(json, 0, &problem);

    if (!object)
        return dsc_fail_at(err, DESCENT_SYNTAX,
                           ((dsc_place){.file = "data of the page",
                                        .line = problem.line,
                                        .column = problem.column}),
                           "the data of the page is no JSON: %s", problem.text);
    const char *kind = json_string_value(json_object_get(object, "kind"));
    descent_status status = DESCENT_OK;
    *page = "general";
    if (!kind)
        status = dsc_fail(err, DESCENT_SYNTAX, "data of a page must be an object with a \"kind\"");
    else if (strcmp(kind, "minimize") == 0 || strcmp(kind, "train") == 0)
        *page = strcmp(kind, "train") == 0 ? "train" : "minimize";
    else if (strcmp(kind, "compare") != 0 && strcmp(kind, "find-lr") != 0 &&
             strcmp(kind, "landscape") != 0)
        status = unknown_kind(kind, err);
    json_decref(object);
    return status;
}

/* JSON inside a script element: no "<" may stand there, which could end or comment out the element.
 * JSON has it in texts only, where \u003c means the same; U+2028 and U+2029 likewise, for programs
 * that read the data as a script. */
static void write_data(dsc_writer *writer, const char *json)
{
    const char *begin = json, *at = json;

    for (; *at; at++) {
        const bool angle = *at == '<';
        const bool separator =
            strncmp(at, "\xE2\x80\xA8", 3) == 0 || strncmp(at, "\xE2\x80\xA9", 3) == 0;
        if (!angle && !separator)
            continue;
        dsc_writer_write(writer, begin, (size_t)(at - begin));
        dsc_writer_print(writer, angle ? "\\u003c" : at[2] == '\xA8' ? "\\u2028" : "\\u2029");
        at += separator ? 2 : 0;
        begin = at + 1;
    }
    dsc_writer_write(writer, begin, (size_t)(at - begin));
}

static descent_status write_file(const char *path, const dsc_piece *page, const char *text,
                                 const dsc_piece *charts, const char *library, const char *json,
                                 descent_error *err)
{
    dsc_writer writer;

    DSC_TRY(dsc_writer_open(&writer, path, err));
    dsc_writer_write(&writer, text, page->part[0]);
    write_data(&writer, json);
    dsc_writer_write(&writer, text + page->part[0], page->part[1]);
    dsc_writer_write(&writer, library, charts->length);
    dsc_writer_write(&writer, text + page->part[0] + page->part[1], page->part[2]);
    return dsc_writer_commit(&writer, err);
}

descent_status descent_report_write(const char *path, const char *json, descent_error *err)
{
    char *text = NULL, *library = NULL;
    const char *name;

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
        status = write_file(path, page, text, charts, library, json, err);
    dsc_free(text);
    dsc_free(library);
    return status;
}
