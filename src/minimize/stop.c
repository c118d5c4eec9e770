/* stop.c - why a run ended, in one word. */
#include "descent/minimize.h"

const char *descent_stop_text(descent_stop stop)
{
    switch (stop) {
    case DESCENT_STOP_STEPS:
        return "steps";
    case DESCENT_STOP_CONVERGED:
        return "converged";
    case DESCENT_STOP_DIVERGED:
        return "diverged";
    case DESCENT_STOP_INTERRUPTED:
        return "interrupted";
    case DESCENT_STOP_EARLY:
        return "early";
    }
    return "unknown";
}
