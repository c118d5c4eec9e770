/* access.c - what a program may ask a data set. */
#include "data/numbers.h"
#include "data/tokens.h"

#include <math.h>
#include <string.h>

const char *descent_dataset_name(const descent_dataset *data)
{
    return data->name;
}

size_t descent_dataset_count(const descent_dataset *data)
{
    return data->count;
}

size_t descent_dataset_test_count(const descent_dataset *data)
{
    return data->test_count;
}

descent_task descent_dataset_task(const descent_dataset *data)
{
    return data->task;
}

int descent_dataset_shape(const descent_dataset *data, int shape[4])
{
    memcpy(shape, data->shape.size, sizeof data->shape.size);
    return data->shape.rank;
}

int descent_dataset_outputs(const descent_dataset *data)
{
    return data->outputs;
}

const char *descent_dataset_class(const descent_dataset *data, int index)
{
    return data->class_name && index >= 0 && index < data->outputs ? data->class_name[index] : NULL;
}

const char *descent_dataset_feature(const descent_dataset *data, int index)
{
    if (!data->feature_name || index < 0 || (size_t)index >= dsc_shape_count(data->shape))
        return NULL;
    return data->feature_name[index];
}

const char *descent_dataset_target(const descent_dataset *data)
{
    return data->target_name[0] ? data->target_name : "target";
}

int32_t descent_dataset_label(const descent_dataset *data, size_t index)
{
    return data->labels && index < data->count ? data->labels[index] : -1;
}

size_t descent_dataset_class_count(const descent_dataset *data, int index)
{
    size_t n = 0;

    for (size_t i = 0; data->labels && i < data->count; i++)
        n += data->labels[i] == index;
    return n;
}

descent_feature_summary descent_dataset_summary(const descent_dataset *data, int index)
{
    const size_t width = dsc_shape_count(data->shape), n = dsc_spread(data, data->count);
    const double none = (double)NAN;
    descent_feature_summary s = {none, none, none, none};
    double sum = 0, squares = 0;

    if (index < 0 || (size_t)index >= width || data->count == 0 || data->tokens)
        return s;
    for (size_t i = 0; i < n; i++) {
        const double x = dsc_feature(data, dsc_spread_at(i, n, data->count), (size_t)index);
        s.min = !(s.min <= x) ? x : s.min;
        s.max = !(s.max >= x) ? x : s.max;
        sum += x;
    }
    s.mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double x = dsc_feature(data, dsc_spread_at(i, n, data->count), (size_t)index);
        const double d = x - s.mean;
        squares += d * d;
    }
    s.deviation = sqrt(squares / (double)n);
    return s;
}

size_t descent_dataset_mapped(const descent_dataset *data)
{
    const size_t row = dsc_shape_count(data->shape) * dsc_dtype_bytes(data->dtype);
    const size_t apart = data->test_features ? data->test_count : 0;

    return (data->map[0].bytes ? (data->count - apart) * row : 0) +
           (data->map[1].bytes ? apart * row : 0);
}

size_t descent_dataset_bytes(const descent_dataset *data)
{
    const size_t row = dsc_shape_count(data->shape) * dsc_dtype_bytes(data->dtype);
    if (data->tokens)
        return data->tokens->count * (size_t)data->tokens->width;
    size_t bytes = data->count * row - descent_dataset_mapped(data);

    if (data->labels)
        bytes += data->count * sizeof *data->labels;
    if (data->targets)
        bytes += data->count * (size_t)data->outputs * sizeof *data->targets;
    return bytes;
}

size_t dsc_dataset_positions(const descent_dataset *data)
{
    return data->tokens ? (size_t)data->shape.size[0] : 1;
}

uint32_t dsc_dataset_index(const descent_dataset *data, size_t i)
{
    return (uint32_t)(i * dsc_dataset_positions(data));
}

size_t descent_dataset_tokens(const descent_dataset *data)
{
    return data->tokens ? data->tokens->count : 0;
}

const char *descent_dataset_unit(const descent_dataset *data)
{
    return data->tokens ? dsc_vocabulary_unit(&data->tokens->vocabulary) : NULL;
}

size_t descent_dataset_token(const descent_dataset *data, int index, char text[8])
{
    text[0] = '\0';
    if (!data->tokens || index < 0 || index >= data->tokens->vocabulary.count)
        return 0;
    return dsc_vocabulary_text(&data->tokens->vocabulary, index, text);
}
