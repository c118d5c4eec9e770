/* json.c - JSON made and written; see json.h. */
#include "base/json.h"

#include "base/strbuf.h"

static void drop(json_t **value)
{
    json_decref(*value);
    *value = NULL;
}

void dsc_json_add(json_t **list, json_t *value)
{
    if (json_array_append_new(*list, value) != 0)
        drop(list);
}

void dsc_json_set(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) != 0)
        drop(object);
}

/* jansson looks at the answer only now and then; the buffer remembers. */
static int take(const char *bytes, size_t length, void *user)
{
    dsc_strbuf_add_n(user, bytes, length);
    return 0;
}

char *dsc_json_text(const json_t *value)
{
    dsc_strbuf text = {0};

    if (json_dump_callback(value, take, &text, JSON_COMPACT | JSON_REAL_PRECISION(17)) == 0 &&
        !text.failed)
        return text.text;
    dsc_strbuf_free(&text);
    return NULL;
}
