#!/bin/sh
# Runs the test suite as built, and under the address and undefined-behaviour sanitizers; then what starts
# threads under ThreadSanitizer, and, where there is clang, what computes under MemorySanitizer. Ends with one
# line "N passed, N failed, N skipped" over all; exit status 0 only when none failed.
set -u
. tools/fast_link.sh

passed=0 failed=0 skipped=0
# what is compiled to be looked at once: lines for a report and no more takes half the time
QUICK='-Doptimization=1 -Ddebug=false -Dc_args=-g1'

count() { # count LOG WORD: the number Meson printed after WORD
  sed -n "s/^$2: *\([0-9][0-9]*\) *$/\1/p" "$1" | tail -n 1 | grep . || echo 0
}

suite() { # suite NAME BUILD MESON_ARGUMENTS...
  echo "== $1"
  log=$2/test.out
  shift
  meson test -C "$@" --print-errorlogs --no-rebuild >"$log" 2>&1
  status=$?
  grep -E '^ *[0-9]+/[0-9]+ |^Summary|^\[|FAIL|Error|error' "$log" | sed 's/ *$//'
  ok=$(count "$log" 'Ok') xfail=$(count "$log" 'Expected Fail')
  bad=$(count "$log" 'Fail') late=$(count "$log" 'Timeout')
  surprise=$(count "$log" 'Unexpected Pass')
  passed=$((passed + ok + xfail))
  failed=$((failed + bad + late + surprise))
  skipped=$((skipped + $(count "$log" 'Skipped')))
  if [ "$status" -ne 0 ] && [ $((bad + late + surprise)) -eq 0 ]; then
    failed=$((failed + 1)) # Meson itself failed
  fi
  [ "$status" -eq 0 ] || cat "$log"
}

suite 'tests' build

if [ ! -f build-sanitize/build.ninja ]; then
  # shellcheck disable=SC2086
  meson setup build-sanitize -Db_sanitize=address,undefined $QUICK -Db_ndebug=false -Db_lundef=false \
    >/dev/null || exit 1
fi
ninja -C build-sanitize --quiet || exit 1
# the OpenMP runtime keeps its thread pool to the end; everything else must be freed. Not with
# detect_stack_use_after_return: GCC before 13.3 then lays vectors of 64 bytes where they are not
# aligned, and the program dies on its first aligned store (GCC bug 110027).
# What is too large gets no memory, as it does without sanitizers.
ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=0:allocator_may_return_null=1:handle_sigill=1
GOMP_SPINCOUNT=3000 # what the command starts itself again for; to start takes a while here
export ASAN_OPTIONS GOMP_SPINCOUNT
suite 'tests under AddressSanitizer and UndefinedBehaviorSanitizer' build-sanitize

# Builds in which a sanitizer sees all: without oneDNN and OpenMP, which aren't built for it, and with the
# lowest instruction sets, as there is little to gain from compiling the same loops once more.
watched() { # watched NAME BUILD SUITE SETUP_ARGUMENTS...: only the programs of that suite of tests
  name=$1 build=$2 part=$3
  shift 3
  if [ ! -f "$build/build.ninja" ]; then
    # shellcheck disable=SC2086
    meson setup "$build" -Dthreads=pthread -Donednn=false -Dpages=false $QUICK -Db_ndebug=false \
      -Db_lundef=false "$@" >/dev/null || exit 1
  fi
  ninja -C "$build" build.ninja >/dev/null || exit 1 # what programs.py reads
  # shellcheck disable=SC2046
  ninja -C "$build" --quiet $(python3 tools/programs.py "$build" "$part") || exit 1
  suite "$name" "$build" --suite "$part"
}

OPENBLAS_NUM_THREADS=1 # threads that no sanitizer knows of
TSAN_OPTIONS=suppressions=$PWD/tests/sanitize/thread.supp:allocator_may_return_null=1
# what other libraries allocate and write it cannot see; this program's own blocks are zero from the first
MSAN_OPTIONS=poison_in_malloc=0:poison_in_free=0:allocator_may_return_null=1
export OPENBLAS_NUM_THREADS TSAN_OPTIONS MSAN_OPTIONS
watched 'threads under ThreadSanitizer' build-thread threads -Db_sanitize=thread -Dhighest_level=avx2
if command -v clang >/dev/null 2>&1; then
  CC=clang watched 'values under MemorySanitizer' build-memory values -Db_sanitize=memory -Dhighest_level=base
else
  echo 'skipped: values under MemorySanitizer; clang is not there'
  skipped=$((skipped + 1))
fi

if [ "$passed" -eq 0 ]; then
  failed=$((failed + 1)) # having checked nothing is a failure too
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
