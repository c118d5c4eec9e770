/* registry.h - every op, by name. One file an op; the list is in meson.build. */
#ifndef DSC_OP_REGISTRY_H
#define DSC_OP_REGISTRY_H

#include "graph/op.h"

/* NULL when there is none of that name. */
const dsc_op *dsc_op_find(const char *name, descent_type type, dsc_level level);
/* All of them, in the order of src/op/meson.build; NULL past the end. */
const dsc_op *dsc_op_at(size_t index, descent_type type, dsc_level level);

#endif
