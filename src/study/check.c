/* check.c - what can be known of a training before it begins: all parts, one after the other. */
#include "study/check.h"

#include "base/memory.h"
#include "base/print.h"
#include "finding/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

descent_check_options descent_check_defaults(void)
{
    return (descent_check_options){.kernels = "auto", .seconds = 3.0, .lr_steps = 100};
}

const char *descent_mark_text(descent_mark verdict)
{
    static const char *const text[] = {"pass", "skip", "warn", "fail"};

    return text[verdict];
}

descent_check_line *dsc_check_say(descent_check *c, const char *name, descent_mark verdict,
                                  const char *format, ...)
{
    descent_check_line *line =
        &c->line[c->n_lines < DSC_CHECK_LINES ? c->n_lines++ : DSC_CHECK_LINES - 1];
    char text[sizeof line->text];
    va_list list;

    va_start(list, format);
    dsc_vprint(text, sizeof text, format, list);
    va_end(list);
    *line = (descent_check_line){.name = name, .verdict = verdict};
    DSC_TELL(line->text, "%s", text);
    return line;
}

/* What is checked, and how much of the time it takes, about. */
static const struct {
    const char *name;
    double share;
    descent_status (*run)(descent_check *check, descent_error *err);
} parts[DSC_CHECK_PARTS] = {
    [DSC_CHECK_LOOK] = {"data, start and gradient", 0.35, dsc_check_look},
    [DSC_CHECK_OVERFIT] = {"learning 20 examples by heart", 0.3, dsc_check_overfit},
    [DSC_CHECK_LR] = {"learning rate", 0.25, dsc_check_lr},
    [DSC_CHECK_REPEAT] = {"the same training twice", 0.1, dsc_check_repeat},
};

bool dsc_check_tell(descent_check *c, int part, double share)
{
    double done = parts[part].share * share;

    for (int i = 0; i < part; i++)
        done += parts[i].share;
    if (c->options.on_progress && c->options.on_progress(done, parts[part].name, c->options.user))
        c->interrupted = true;
    return c->interrupted;
}

static descent_status check_options(const descent_check_options *o, descent_error *err)
{
    if (!(o->seconds > 0.0))
        return dsc_fail(err, DESCENT_INVALID, "seconds = %g, must be above 0", o->seconds);
    return DESCENT_OK;
}

descent_status descent_check_run(descent_check **out, const descent_recipe *recipe,
                                 const descent_dataset *data, const descent_check_options *options,
                                 descent_error *err)
{
    *out = NULL;
    descent_check *c = dsc_alloc(1, sizeof *c);
    if (!c)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a check");
    c->options = options ? *options : descent_check_defaults();
    descent_status status = check_options(&c->options, err);
    if (status == DESCENT_OK)
        status = dsc_ground_prepare(&c->ground, recipe, data, err);
    for (int part = 0; part < DSC_CHECK_PARTS && status == DESCENT_OK && !c->interrupted; part++)
        if (!dsc_check_tell(c, part, 0.0))
            status = parts[part].run(c, err);
    if (status != DESCENT_OK || c->interrupted) {
        descent_check_free(c);
        return status;
    }
    *out = c;
    return DESCENT_OK;
}

void descent_check_free(descent_check *c)
{
    if (!c)
        return;
    dsc_ground_free(&c->ground);
    dsc_free(c->layer);
    dsc_free(c->layer_name);
    dsc_free(c);
}

descent_mark descent_check_worst(const descent_check *c)
{
    descent_mark worst = DESCENT_PASS;

    for (size_t i = 0; i < c->n_lines; i++)
        if (c->line[i].verdict > worst)
            worst = c->line[i].verdict;
    return worst == DESCENT_SKIP ? DESCENT_PASS : worst;
}

const descent_check_line *descent_check_line_at(const descent_check *c, size_t index)
{
    return index < c->n_lines ? &c->line[index] : NULL;
}

const descent_check_layer *descent_check_layer_at(const descent_check *c, size_t index)
{
    return index < c->n_layers ? &c->layer[index] : NULL;
}

const descent_finding *descent_check_findings(const descent_check *c)
{
    return c->finding;
}
