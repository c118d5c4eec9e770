/* csv.c - comma-separated files, in all their dialects. */
#include "data/columns.h"

#include "base/file.h"
#include "base/memory.h"

#include <ctype.h>
#include <string.h>

enum { TARGET, HEADER, TASK, SEPARATOR, IGNORE, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [TARGET] = {"target", 0, 0, 0,
                "column to predict: its name, its number from 1 (-1 or last: the last); otherwise "
                "the one called target, label, class or species, or else the last",
                DESCENT_TEXT, NULL},
    [HEADER] = {"header", 0, 0, 2,
                "whether the first row holds names; auto: yes if there is no number in it",
                DESCENT_CHOICE, "auto|yes|no"},
    [TASK] = {"task", 0, 0, 2,
              "auto: a target of words is classification, one of numbers regression",
              DESCENT_CHOICE, "auto|classification|regression"},
    [SEPARATOR] = {"separator", 0, 0, 0,
                   "between fields: one character, or comma, semicolon, tab, space; auto looks at "
                   "the first row",
                   DESCENT_TEXT, "auto"},
    [IGNORE] = {"ignore", 0, 0, 0,
                "columns to leave out, by name or number: ignore=id+date; ignore=constant leaves "
                "out all that never change",
                DESCENT_TEXT, NULL},
};

static bool matches(const char *path)
{
    return dsc_file_exists(path);
}

/* Where the value of an option was typed, or else where the data set was named. */
static dsc_place place_of(const dsc_spec *spec, const char *key)
{
    for (int i = 0; i < spec->n_args; i++)
        if (spec->arg[i].key && strcmp(spec->arg[i].key, key) == 0)
            return spec->arg[i].place;
    return spec->place;
}

static descent_status read_separator(const dsc_spec *spec, const char *text, char *separator,
                                     descent_error *err)
{
    static const struct word {
        const char *name;
        char separator;
    } words[] = {{"auto", 0}, {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"space", ' '}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, text) == 0) {
            *separator = words[i].separator;
            return DESCENT_OK;
        }
    *separator = text[0];
    if (strlen(text) == 1 && !isalnum((unsigned char)*text) && !strchr("\"\r\n.+-", *text))
        return DESCENT_OK;
    return dsc_fail_at(err, DESCENT_INVALID, place_of(spec, "separator"),
                       "csv: separator = '%s', must be auto, comma, semicolon, tab, space or one "
                       "character that is no part of a number",
                       text);
}

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    const dsc_column_options options = {.target = values[TARGET].text,
                                        .target_place = place_of(spec, "target"),
                                        .header = (dsc_header)values[HEADER].number,
                                        .task = (dsc_column_task)values[TASK].number,
                                        .ignore = values[IGNORE].text,
                                        .ignore_place = place_of(spec, "ignore"),
                                        .known_target =
                                            data->target_name[0] ? data->target_name : NULL,
                                        .features_only = features_only};
    char *bytes, separator;
    size_t length;

    DSC_TRY(read_separator(spec, values[SEPARATOR].text, &separator, err));
    DSC_TRY(dsc_file_read(spec->name, SIZE_MAX / 4, &bytes, &length, err));
    const descent_status status =
        dsc_columns_read(data, spec->name, bytes, length, separator, &options, err);
    dsc_free(bytes);
    return status;
}

const dsc_source dsc_source_csv = {
    .info = {.name = "csv",
             .summary = "a comma-separated file: FILE.csv target=COLUMN",
             .reference = "RFC 4180",
             .params = params,
             .n_params = N_PARAMS},
    .matches = matches,
    .open = open,
};
