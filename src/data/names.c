/* names.c - see names.h. */
#include "data/names.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 4352 };

static int compare(const void *a, const void *b)
{
    const char *const x = *(char *const *)a, *const y = *(char *const *)b;
    double m, n;
    const bool is_m = dsc_number_read(x, strlen(x), &m), is_n = dsc_number_read(y, strlen(y), &n);

    if (is_m != is_n)
        return is_m ? -1 : 1;
    if (is_m && (m < n || m > n))
        return m < n ? -1 : 1;
    return strcmp(x, y);
}

static descent_status collect(dsc_names *names, DIR *stream, const char *folder,
                              dsc_name_test wanted, descent_error *err)
{
    const struct dirent *entry;
    char path[PATH];

    while ((entry = readdir(stream)) != NULL) {
        const int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        bool yes = false;
        if (entry->d_name[0] != '.' && length < PATH)
            DSC_TRY(wanted(path, &yes, err));
        if (!yes)
            continue;
        void *block = names->name;
        const bool ok = dsc_grow(&block, &names->capacity, names->count + 1, sizeof *names->name);
        names->name = block;
        if (!ok || !(names->name[names->count] = dsc_copy(entry->d_name)))
            return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", folder);
        names->count++;
    }
    return DESCENT_OK;
}

descent_status dsc_names_read(dsc_names *names, const char *folder, dsc_name_test wanted,
                              descent_error *err)
{
    *names = (dsc_names){0};
    DIR *stream = opendir(folder);
    if (!stream)
        return dsc_cannot(err, "read", folder, errno);
    const descent_status status = collect(names, stream, folder, wanted, err);
    closedir(stream);
    if (status != DESCENT_OK)
        dsc_names_free(names);
    else if (names->count > 0)
        qsort(names->name, names->count, sizeof *names->name, compare);
    return status;
}

void dsc_names_free(dsc_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        dsc_free(names->name[i]);
    dsc_free(names->name);
    *names = (dsc_names){0};
}
