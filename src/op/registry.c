/* registry.c - every op, by name; the list itself is in meson.build. */
#include "op/registry.h"

#include "op_list.h"

#include <string.h>

#define X(name) DSC_DECLARE_VARIANTS(dsc_op, dsc_op_##name)
DSC_OP_LIST(X)
#undef X

static const dsc_op *const ops[][2][DSC_LEVEL_COUNT] = {
#define X(name) DSC_VARIANTS(dsc_op_##name),
    DSC_OP_LIST(X)
#undef X
};

const dsc_op *dsc_op_at(size_t index, descent_type type, dsc_level level)
{
    return index < sizeof ops / sizeof *ops ? ops[index][type == DESCENT_F64][level] : NULL;
}

const dsc_op *dsc_op_find(const char *name, descent_type type, dsc_level level)
{
    const dsc_op *op;

    for (size_t i = 0; (op = dsc_op_at(i, type, level)) != NULL; i++)
        if (strcmp(op->name, name) == 0)
            return op;
    return NULL;
}
