/* instrument.h - what can be measured while a network learns. */
#ifndef DESCENT_INSTRUMENT_H
#define DESCENT_INSTRUMENT_H

#include "descent/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Registered instruments, in the order of `descent list instruments`. NULL past the end. They are
 * chosen by descent_train_options.instruments and write their values to log.jsonl. */
DESCENT_API const descent_info *descent_instrument_info(size_t index);
/* Unit and range of its values, and what one measurement costs, in words. NULL past the end. */
DESCENT_API const char *descent_instrument_range(size_t index);
DESCENT_API const char *descent_instrument_cost(size_t index);
/* 1 for those that "standard" means; others are measured only when named. */
DESCENT_API int descent_instrument_standard(size_t index);

#ifdef __cplusplus
}
#endif
#endif
