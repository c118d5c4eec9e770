/* registry.c - every instrument, by number; the list itself is in meson.build. */
#include "instrument/instrument.h"

#include "instrument_list.h"

#define X(name) extern const dsc_instrument dsc_instrument_##name;
DSC_INSTRUMENT_LIST(X)
#undef X

static const dsc_instrument *const instruments[] = {
#define X(name) &dsc_instrument_##name,
    DSC_INSTRUMENT_LIST(X)
#undef X
};

_Static_assert(sizeof instruments / sizeof *instruments <= DSC_MAX_INSTRUMENTS,
               "a choice has room for all instruments");

const dsc_instrument *dsc_instrument_at(size_t index)
{
    return index < sizeof instruments / sizeof *instruments ? instruments[index] : NULL;
}

const descent_info *descent_instrument_info(size_t index)
{
    const dsc_instrument *instrument = dsc_instrument_at(index);

    return instrument ? &instrument->info : NULL;
}

const char *descent_instrument_range(size_t index)
{
    const dsc_instrument *instrument = dsc_instrument_at(index);

    return instrument ? instrument->range : NULL;
}

const char *descent_instrument_cost(size_t index)
{
    const dsc_instrument *instrument = dsc_instrument_at(index);

    return instrument ? instrument->cost : NULL;
}

int descent_instrument_standard(size_t index)
{
    const dsc_instrument *instrument = dsc_instrument_at(index);

    return instrument && !instrument->costly;
}
