/* picture.c - see picture.h. */
#include "picture.h"

#include <stdio.h>

const char *cli_picture_colour(size_t index)
{
    static const char *const colour[] = {"#1f83c4", "#e0701a", "#12946a", "#c05a9c",
                                         "#a58413", "#8067b7", "#7d7d7d", "#c23b3b"};

    return colour[index % (sizeof colour / sizeof *colour)];
}

json_t *cli_picture_curve(const char *name, size_t colour, const char *mode, json_t *x, json_t *y)
{
    const char *c = cli_picture_colour(colour);

    return json_pack("{s:s, s:s, s:o, s:o, s:{s:s}, s:{s:s, s:i}}", "name", name, "mode", mode, "x",
                     x, "y", y, "line", "color", c, "marker", "color", c, "size", 7);
}

static json_t *edge(const json_t *x, const json_t *y)
{
    return json_pack("{s:o, s:o, s:s, s:s, s:b, s:{s:i}, s:b}", "x", json_deep_copy(x), "y",
                     json_deep_copy(y), "mode", "lines", "hoverinfo", "skip", "showlegend", 0,
                     "line", "width", 0, "showInTable", 0);
}

void cli_picture_band(json_t *traces, size_t colour, const json_t *x, const json_t *low,
                      const json_t *high)
{
    char fill[16];
    json_t *top = edge(x, high);

    snprintf(fill, sizeof fill, "%s2e", cli_picture_colour(colour)); /* 18 % of it */
    json_object_set_new(top, "fill", json_string("tonexty"));
    json_object_set_new(top, "fillcolor", json_string(fill));
    json_array_append_new(traces, edge(x, low));
    json_array_append_new(traces, top);
}

static json_t *axis(const char *title, bool log)
{
    return json_pack("{s:{s:s}, s:s}", "title", "text", title, "type", log ? "log" : "-");
}

json_t *cli_picture_of(const char *title, const char *note, json_t *traces, json_t *layout)
{
    return json_pack("{s:s, s:s, s:o, s:o}", "title", title, "note", note, "traces", traces,
                     "layout", layout);
}

json_t *cli_picture(const char *title, const char *note, json_t *traces, const char *x, bool log_x,
                    const char *y, bool log_y)
{
    return cli_picture_of(
        title, note, traces,
        json_pack("{s:o, s:o}", "xaxis", axis(x, log_x), "yaxis", axis(y, log_y)));
}
