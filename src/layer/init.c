/* init.c - which first weights suit which activation. */
#include "layer/layer.h"

#include <string.h>

dsc_init dsc_init_for(const char *activation)
{
    /* half of relu's outputs are zero, which He's wider start makes up for; these are close to it
     */
    static const char *const like_relu[] = {"relu", "gelu", "relu6",    "leaky_relu", "prelu",
                                            "elu",  "silu", "softplus", "mish",       "hardswish"};

    for (size_t i = 0; i < sizeof like_relu / sizeof *like_relu; i++)
        if (strcmp(activation, like_relu[i]) == 0)
            return DSC_INIT_HE_NORMAL;
    /* selu keeps mean 0 and variance 1 only when its weights begin like that (Klambauer 2017) */
    if (strcmp(activation, "selu") == 0)
        return DSC_INIT_LECUN_NORMAL;
    return DSC_INIT_GLOROT_UNIFORM;
}

dsc_init_choice dsc_init_read(const dsc_value *init, const dsc_value *gain, const char *activation)
{
    /* in the order of DSC_INIT_PARAM's words */
    const dsc_init kind[] = {dsc_init_for(activation),
                             DSC_INIT_HE_NORMAL,
                             DSC_INIT_GLOROT_UNIFORM,
                             DSC_INIT_LECUN_NORMAL,
                             DSC_INIT_NORMAL,
                             DSC_INIT_ONE,
                             DSC_INIT_ZERO};

    return (dsc_init_choice){kind[(int)init->number], gain->number};
}

dsc_id dsc_init_bias(dsc_graph *graph, const char *name, int units, double value, int fan_in,
                     int fan_out)
{
    const dsc_init init = value != 0.0 ? DSC_INIT_ONE : DSC_INIT_ZERO;
    const dsc_id bias =
        dsc_graph_parameter(graph, name, "bias", (dsc_shape){1, {units}}, init, fan_in, fan_out);

    dsc_graph_gain(graph, bias, value != 0.0 ? value : 1.0);
    return bias;
}
