/* files.c - files that scenarios read, and checks of those they write. */
#include "scenario.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <png.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* --- sums ------------------------------------------------------------------------------------- */

void sum_bytes(scenario_sum *sum, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;

    if (sum->value == 0)
        sum->value = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        sum->value = (sum->value ^ at[i]) * 1099511628211u;
}

void sum_number(scenario_sum *sum, double x)
{
    sum_bytes(sum, &x, sizeof x);
}

void sum_text(scenario_sum *sum, const char *text)
{
    sum_bytes(sum, text ? text : "", text ? strlen(text) + 1 : 0);
}

static char *read_text(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;

    *length = 0;
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    text = malloc((size_t)size + 1);
    *length = fread(text, 1, (size_t)size, file);
    text[*length] = '\0';
    fclose(file);
    return text;
}

void sum_file(scenario_sum *sum, const char *path)
{
    char piece[4096];
    const int file = open(path, O_RDONLY); /* no malloc here: it may be denied */
    ssize_t n;

    while (file >= 0 && (n = read(file, piece, sizeof piece)) > 0)
        sum_bytes(sum, piece, (size_t)n);
    if (file >= 0)
        close(file);
}

void sum_model(scenario_sum *sum, descent_model *model)
{
    sum_bytes(sum, descent_model_weights(model), descent_model_size(model) * sizeof(float));
}

/* --- what lies on disk ------------------------------------------------------------------------ */

void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    if (!file || fputs(text, file) == EOF || fclose(file) != 0)
        complain("can't write '%s'", path);
}

void remove_tree(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    while (folder && (entry = readdir(folder)) != NULL) {
        char inner[1024];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        remove_tree(inner);
    }
    if (folder)
        closedir(folder);
    remove(path);
}

void no_temporary_files(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    while (folder && (entry = readdir(folder)) != NULL) {
        char inner[1024];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (strstr(entry->d_name, ".tmp"))
            complain("'%s' is left", inner);
        no_temporary_files(inner);
    }
    if (folder)
        closedir(folder);
}

/* The keys of an object and of those in it, for comparing. */
static void add_keys(char *out, size_t size, json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        snprintf(out + strlen(out), size - strlen(out), " %s", key);
        if (json_is_array(value))
            snprintf(out + strlen(out), size - strlen(out), "[]");
        if (json_is_object(value))
            add_keys(out, size, value);
    }
}

static const char *kind_of(const json_t *line)
{
    const char *kind = json_string_value(json_object_get(line, "event"));

    return kind ? kind : "";
}

/* Some line of `text` has the kind and the keys of this one. */
static bool is_known(const char *text, json_t *line)
{
    char keys[4096] = "", found[4096];

    add_keys(keys, sizeof keys, line);
    for (const char *at = text; *at;) {
        const size_t n = strcspn(at, "\n");
        json_t *other = json_loadb(at, n, 0, NULL);
        found[0] = '\0';
        add_keys(found, sizeof found, other);
        const bool same = strcmp(kind_of(line), kind_of(other)) == 0 && strcmp(keys, found) == 0;
        json_decref(other);
        if (same)
            return true;
        at += n + (at[n] == '\n');
    }
    return false;
}

void log_is_whole(const char *path, const char *whole)
{
    size_t length, whole_length;
    char *text = read_text(path, &length), *reference = read_text(whole, &whole_length);

    for (const char *at = text; at && reference && *at;) {
        const size_t n = strcspn(at, "\n");
        json_t *line = json_loadb(at, n, 0, NULL);
        if (at[n] != '\n')
            complain("'%s' ends in half a line: %.60s", path, at);
        else if (!line)
            complain("'%s' has a line that is no JSON: %.60s", path, at);
        else if (!is_known(reference, line))
            complain("'%s' has a line with fields that are missing: %.200s", path, at);
        json_decref(line);
        at += n + (at[n] == '\n');
    }
    free(text);
    free(reference);
}

/* --- files to read ---------------------------------------------------------------------------- */

static void write_number(FILE *file, uint32_t x)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        fputc((int)(x >> shift & 255), file);
}

static void write_idx(const char *path, uint32_t magic, uint32_t n, uint32_t each)
{
    FILE *file = fopen(path, "wb");

    write_number(file, magic);
    write_number(file, n);
    if (each > 1) {
        write_number(file, 4);
        write_number(file, 4);
    }
    for (uint32_t i = 0; i < n * each; i++)
        fputc((int)(each == 1 ? i % 3 : i * 37 % 256), file);
    fclose(file);
}

static void pack(const char *from, const char *to)
{
    size_t length;
    char *text = read_text(from, &length);
    gzFile file = gzopen(to, "wb");

    gzwrite(file, text, (unsigned)length);
    gzclose(file);
    free(text);
    remove(from);
}

static void write_picture(const char *path, int grey)
{
    png_image image = {.version = PNG_IMAGE_VERSION, .width = 6, .height = 6};
    unsigned char pixel[36];

    image.format = PNG_FORMAT_GRAY;
    for (int i = 0; i < 36; i++)
        pixel[i] = (unsigned char)(grey + i);
    png_image_write_to_file(&image, path, 0, pixel, 0, NULL);
}

static void write_cifar(const char *path)
{
    FILE *file = fopen(path, "wb");

    for (int i = 0; i < 6; i++) {
        fputc(i % 3, file);
        for (int k = 0; k < 3072; k++)
            fputc((i * 31 + k * 7) % 256, file);
    }
    fclose(file);
}

static void write_pictures(void)
{
    char path[64];

    mkdir("pictures", 0777);
    for (int k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "pictures/%s", k ? "light" : "dark");
        mkdir(path, 0777);
        for (int i = 0; i < 3; i++) {
            snprintf(path, sizeof path, "pictures/%s/%d.png", k ? "light" : "dark", i);
            write_picture(path, 20 + 150 * k + i);
        }
        snprintf(path, sizeof path, "pictures/%s/x.pgm", k ? "light" : "dark");
        write_text(path, "P5 6 6 255\nabcdefghijklmnopqrstuvwxyzabcdefghij");
    }
    mkdir("cifar", 0777);
    for (int i = 1; i <= 5; i++) {
        snprintf(path, sizeof path, "cifar/data_batch_%d.bin", i);
        write_cifar(path);
    }
    write_cifar("cifar/test_batch.bin");
    write_text("cifar/batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
}

void make_files(void)
{
    FILE *table = fopen("table.csv", "w");

    fputs("length,width,kind\n", table);
    for (int i = 0; i < 40; i++)
        fprintf(table, "%d.%d,%d,%s\n", i % 7, i % 10, i * 3 % 11, i % 2 ? "this" : "that");
    fclose(table);
    table = fopen("copies.csv", "w");
    fputs("a,b,c,y\n", table);
    for (int i = 0; i < 200; i++) {
        const double x = i % 100, little = i < 100 ? 0 : 1e-4;
        fprintf(table, "%.6f,%.6f,%.6f,%.3f\n", sin(1.7 * x * x) + little, sin(2.9 * x * x),
                sin(5.3 * x * x), sin(x));
    }
    fclose(table);
    write_text("with blanks.csv", "a,still,y\n1,5,0.5\n2,5,0.25\n3,5,4\n4,5,1\n");
    mkdir("idx", 0777);
    write_idx("idx/train-images-idx3-ubyte", 0x803, 12, 16);
    write_idx("idx/train-labels-idx1-ubyte", 0x801, 12, 1);
    write_idx("idx/t10k-images-idx3-ubyte", 0x803, 6, 16);
    write_idx("idx/t10k-labels-idx1-ubyte", 0x801, 6, 1);
    mkdir("packed", 0777);
    write_idx("a", 0x803, 12, 16);
    pack("a", "packed/train-images-idx3-ubyte.gz");
    write_idx("a", 0x801, 12, 1);
    pack("a", "packed/train-labels-idx1-ubyte.gz");
    write_pictures();
    FILE *words = fopen("words.txt", "w");
    for (int i = 0; i < 6; i++)
        fputs("the quick brown fox jumps over the lazy dog and the cat sat on the mat\n", words);
    fclose(words);
    write_text("recipe.ini", "data = iris\nmodel = linear 4, relu, linear\noptimizer = adam\n"
                             "group = role=bias lr=2x\ngroup = 0.* frozen\n");
}
