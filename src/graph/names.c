/* names.c - the names of parameters and buffers, by which files find them: a name twice would lose
 * one of them. A table of chains, so that a network of many layers is built in linear time. */
#include "graph/node.h"

#include <string.h>

/* FNV-1a */
static dsc_id *slot_of(dsc_graph *graph, const char *name)
{
    uint32_t hash = 2166136261u;

    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    return &graph->named[hash % DSC_NAME_SLOTS];
}

bool dsc_graph_name_is_free(dsc_graph *graph, const char *name)
{
    for (dsc_id next = *slot_of(graph, name); next > 0;) {
        const dsc_entry *entry = graph->entry[next - 1];
        if (strcmp(entry->node.name, name) == 0) {
            dsc_graph_fail(graph, DESCENT_INVALID, "two parameters are called '%s'", name);
            return false;
        }
        next = entry->named_before;
    }
    return true;
}

void dsc_graph_name_add(dsc_graph *graph, dsc_id id)
{
    dsc_id *slot = slot_of(graph, graph->entry[id]->node.name);

    graph->entry[id]->named_before = *slot;
    *slot = id + 1;
}
