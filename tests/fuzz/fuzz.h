/* fuzz.h - what the fuzz targets share.
 *
 * A target is one file with LLVMFuzzerTestOneInput(), which libFuzzer calls with bytes of its own
 * making (tools/fuzz.sh) and replay.c with those of a corpus folder (the test suite). What a target
 * finds wrong ends the program: fuzz_require(). */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "descent/base.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program with the condition's text if it does not hold; also in builds without asserts.
 */
#define fuzz_require(condition) \
  ((condition) ? (void)0 : fuzz_fail(#condition, NULL, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *condition, const char *detail, const char *file, int line);

/* Success, or a failure that says in one line of printable text what is wrong. */
#define fuzz_judge(status, err) fuzz_judge_at(status, err, __FILE__, __LINE__)
bool fuzz_judge_at(descent_status status, const descent_error *err, const char *file, int line);

/* libFuzzer's alarm gets a stack of its own, as oneDNN's kernels use the stack pointer for buffers
 * on the heap (see cli/console.c). For targets that run networks; at every input. */
void fuzz_guard_alarm(void);

/* A folder of this process in memory (/dev/shm, else /tmp) that is removed at the end. */
const char *fuzz_folder(void);
/* Writes FOLDER/NAME anew; its path stays good until the next call with the same `slot`, 0 to 7. */
const char *fuzz_file(int slot, const char *name, const void *bytes, size_t size);
/* The whole file, to be freed with free(). */
uint8_t *fuzz_read(const char *path, size_t *size);

/* A NUL-terminated copy without NUL bytes inside (a text ends at the first), to be freed. */
char *fuzz_text(const uint8_t *data, size_t size);
/* Cuts the first line off a text: *rest is what stands behind it, "" when there is nothing. */
char *fuzz_line(char *text, char **rest);

#endif
