/* loss.c - the losses a model may be trained with; each is one op. */
#include "layer/layer.h"

#include <string.h>

static const dsc_loss losses[] = {
    {.info = {.name = "cross_entropy",
              .summary = "classes: softmax and negative log-likelihood",
              .formula = "-log softmax(x)[label]"},
     .op = "cross_entropy",
     .task = DESCENT_CLASSIFICATION,
     .target = DSC_LABELS},
    {.info = {.name = "mse", .summary = "numbers: mean squared error", .formula = "(x - target)^2"},
     .op = "mse",
     .task = DESCENT_REGRESSION,
     .target = DSC_REALS},
    {.info = {.name = "bce_with_logits",
              .summary = "numbers between 0 and 1: sigmoid and binary cross-entropy",
              .formula = "-t log sigmoid(x) - (1 - t) log(1 - sigmoid(x))"},
     .op = "bce_with_logits",
     .task = DESCENT_REGRESSION,
     .target = DSC_REALS},
};

const dsc_loss *dsc_loss_at(size_t index)
{
    return index < sizeof losses / sizeof *losses ? &losses[index] : NULL;
}

const dsc_loss *dsc_loss_find(const char *name)
{
    const dsc_loss *loss;

    for (size_t i = 0; (loss = dsc_loss_at(i)) != NULL; i++)
        if (strcmp(loss->info.name, name) == 0)
            return loss;
    return NULL;
}

const descent_info *descent_loss_info(size_t index)
{
    const dsc_loss *loss = dsc_loss_at(index);

    return loss ? &loss->info : NULL;
}
