/* keep.c - what a training keeps on disk on its way, and what happens when there is no room. */
#include "train/fit.h"

#include "base/clock.h"

#include <math.h>

static const double BETWEEN = 30.0; /* seconds between checkpoints when nobody says */
static const double SHARE = 0.05;   /* of the time that writing them may take */

descent_status dsc_keep_on(dsc_fit *fit, descent_status status, const descent_error *why,
                           descent_error *err)
{
    if (status == DESCENT_OK)
        return DESCENT_OK;
    if (status != DESCENT_IO || fit->options->stop_on_write_error) {
        if (err)
            *err = *why;
        return status;
    }
    if (!fit->write_failed && fit->options->on_write_error)
        fit->options->on_write_error(why, fit->options->user);
    fit->write_failed = true;
    return DESCENT_OK;
}

descent_status dsc_keep_log(dsc_fit *fit, descent_error *err)
{
    descent_error why;
    const descent_status status = dsc_log_status(fit->log, &why);

    return dsc_keep_on(fit, status, &why, err);
}

descent_status dsc_keep_checkpoint(dsc_fit *fit, descent_error *err)
{
    const double start = dsc_seconds();
    descent_error why;

    if (!fit->options->folder)
        return DESCENT_OK;
    const descent_status status = dsc_checkpoint_write(fit, &why);
    fit->kept_at = dsc_seconds();
    fit->keeping = fit->kept_at - start;
    if (status == DESCENT_OK)
        fit->write_failed = false;
    return dsc_keep_on(fit, status, &why, err);
}

/* Where writing takes long the interval grows; one that was asked for in so many seconds stays. */
bool dsc_keep_is_due(const dsc_fit *fit, double now)
{
    const double asked = fit->options->checkpoint_seconds;
    const double between = asked > 0.0 ? asked : fmax(BETWEEN, fit->keeping / SHARE);

    return fit->options->folder && now - fit->kept_at >= between;
}
