/* tokens.c - see tokens.h. */
#include "data/tokens.h"

#include "base/memory.h"
#include "base/rng.h"
#include "data/dataset.h"

#include <math.h>
#include <stdio.h>

void dsc_tokens_free(dsc_tokens *tokens)
{
    if (!tokens)
        return;
    dsc_vocabulary_free(&tokens->vocabulary);
    dsc_free(tokens->token);
    dsc_free(tokens);
}

descent_status dsc_tokens_reserve(dsc_tokens *tokens, size_t count, int vocabulary,
                                  descent_error *err)
{
    if (count > UINT32_MAX)
        return dsc_fail(err, DESCENT_INVALID, "'%s' has %zu tokens, at most 2^32 - 1 are allowed",
                        tokens->path, count);
    tokens->width = vocabulary <= 1 << 8 ? 1 : vocabulary <= 1 << 16 ? 2 : 4;
    tokens->count = count;
    tokens->token = dsc_alloc(count, (size_t)tokens->width);
    return tokens->token
               ? DESCENT_OK
               : dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu tokens", tokens->count);
}

int32_t dsc_tokens_at(const dsc_tokens *tokens, size_t index)
{
    if (tokens->width == 1)
        return ((const uint8_t *)tokens->token)[index];
    if (tokens->width == 2)
        return ((const uint16_t *)tokens->token)[index];
    return ((const int32_t *)tokens->token)[index];
}

void dsc_tokens_set(dsc_tokens *tokens, size_t index, int32_t token)
{
    if (tokens->width == 1)
        ((uint8_t *)tokens->token)[index] = (uint8_t)token;
    else if (tokens->width == 2)
        ((uint16_t *)tokens->token)[index] = (uint16_t)token;
    else
        ((int32_t *)tokens->token)[index] = token;
}

/* Line and column (in characters) of a token. */
static dsc_place place_of(const dsc_tokens *tokens, size_t index)
{
    const int32_t newline = dsc_vocabulary_find(&tokens->vocabulary, '\n');
    dsc_place place = {.file = tokens->path, .line = 1, .column = 1};

    for (size_t i = 0; i < index; i++) {
        place.column++;
        if (dsc_tokens_at(tokens, i) == newline) {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

static descent_status recode(dsc_tokens *to, const dsc_tokens *tokens,
                             const dsc_vocabulary *vocabulary, int32_t *number, descent_error *err)
{
    if (!number)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu tokens", tokens->count);
    DSC_TRY(dsc_tokens_reserve(to, tokens->count, vocabulary->count, err));
    for (int i = 0; i < tokens->vocabulary.count; i++)
        number[i] = dsc_vocabulary_find(vocabulary, tokens->vocabulary.code[i]);
    for (size_t i = 0; i < tokens->count; i++) {
        const int32_t token = number[dsc_tokens_at(tokens, i)];
        if (token < 0)
            return dsc_vocabulary_unknown(vocabulary,
                                          tokens->vocabulary.code[dsc_tokens_at(tokens, i)],
                                          place_of(tokens, i), err);
        dsc_tokens_set(to, i, token);
    }
    return dsc_vocabulary_copy(&to->vocabulary, vocabulary, err);
}

descent_status dsc_tokens_recode(dsc_tokens **out, const dsc_tokens *tokens,
                                 const dsc_vocabulary *vocabulary, descent_error *err)
{
    *out = NULL;
    if (tokens->vocabulary.bytes != vocabulary->bytes)
        return dsc_fail(err, DESCENT_INVALID,
                        "the model reads %ss, but '%s' was opened as %ss; add level=%s",
                        dsc_vocabulary_unit(vocabulary), tokens->path,
                        dsc_vocabulary_unit(&tokens->vocabulary), dsc_vocabulary_unit(vocabulary));
    dsc_tokens *to = dsc_alloc(1, sizeof *to);
    if (!to)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu tokens", tokens->count);
    int32_t *number = dsc_alloc((size_t)tokens->vocabulary.count, sizeof *number);
    const descent_status status = recode(to, tokens, vocabulary, number, err);
    dsc_free(number);
    if (status != DESCENT_OK) {
        dsc_tokens_free(to);
        return status;
    }
    snprintf(to->path, sizeof to->path, "%s", tokens->path);
    *out = to;
    return DESCENT_OK;
}

size_t dsc_tokens_windows(size_t count, int context)
{
    return count < 2 ? 0 : (count - 2) / (size_t)context + 1;
}

void dsc_tokens_set_context(descent_dataset *data, int context)
{
    data->shape = (dsc_shape){1, {context}};
    data->count = dsc_tokens_windows(data->tokens->count, context);
}

descent_status dsc_tokens_split(dsc_split *split, const descent_dataset *data, double fraction,
                                descent_error *err)
{
    const size_t all = data->tokens->count, context = (size_t)data->shape.size[0];
    const size_t test = (size_t)floor((double)all * fraction + 0.5), train = all - test;
    /* the last window, moved by context - 1, still has its last label */
    const size_t n_train = train / context > 1 ? train / context - 1 : 0;
    const size_t n_test = dsc_tokens_windows(test, (int)context);

    if (n_train == 0 || n_test == 0)
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s' has %zu %ss, too few to train on windows of %zu and to hold out a "
                        "part of %g for testing",
                        data->name, all, dsc_vocabulary_unit(&data->tokens->vocabulary), context,
                        fraction);
    split->train = dsc_alloc(n_train, sizeof *split->train);
    split->test = dsc_alloc(n_test, sizeof *split->test);
    if (!split->train || !split->test)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a split of %zu windows",
                        n_train + n_test);
    split->n_train = n_train;
    split->n_test = n_test;
    for (size_t i = 0; i < n_train; i++)
        split->train[i] = (uint32_t)(i * context);
    for (size_t i = 0; i < n_test; i++)
        split->test[i] = (uint32_t)(train + i * context);
    return DESCENT_OK;
}

void dsc_tokens_shift(const descent_dataset *data, uint64_t seed, uint64_t epoch, uint32_t *index,
                      size_t n)
{
    if (!data->tokens)
        return;
    const double context = data->shape.size[0];
    for (size_t i = 0; i < n; i++)
        index[i] += (uint32_t)(dsc_random_uniform(seed, DSC_RNG_WINDOWS, epoch, i) * context);
}

void dsc_tokens_gather(const descent_dataset *data, const uint32_t *index, size_t n, int32_t *x,
                       int32_t *y)
{
    const dsc_tokens *tokens = data->tokens;
    const size_t context = (size_t)data->shape.size[0];

    for (size_t i = 0; i < n; i++)
        for (size_t t = 0; t < context; t++) {
            const size_t at = index[i] + t;
            if (x)
                x[i * context + t] = at < tokens->count ? dsc_tokens_at(tokens, at) : 0;
            if (y)
                y[i * context + t] =
                    at + 1 < tokens->count ? dsc_tokens_at(tokens, at + 1) : DSC_NO_LABEL;
        }
}
