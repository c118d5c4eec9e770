/* init.c - which first weights suit which activation. */
#include "layer/layer.h"

#include <string.h>

dsc_init dsc_init_for(const char *activation)
{
    /* half of relu's outputs are zero, which He's wider start makes up for; gelu is close to it */
    if (strcmp(activation, "relu") == 0 || strcmp(activation, "gelu") == 0)
        return DSC_INIT_HE_NORMAL;
    return DSC_INIT_GLOROT_UNIFORM;
}
