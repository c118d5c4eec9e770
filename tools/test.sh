#!/bin/sh
# Runs the test suite twice: as built, and under the address and undefined-behaviour sanitizers.
# Ends with one line "N passed, N failed, N skipped" over both; exit status 0 only when none failed.
set -u

passed=0 failed=0 skipped=0

count() { # count LOG WORD: the number Meson printed after WORD
  sed -n "s/^$2: *\([0-9][0-9]*\) *$/\1/p" "$1" | tail -n 1 | grep . || echo 0
}

suite() { # suite NAME BUILD
  echo "== $1"
  meson test -C "$2" --print-errorlogs --no-rebuild >"$2/test.out" 2>&1
  status=$?
  grep -E '^ *[0-9]+/[0-9]+ |^Summary|^\[|FAIL|Error|error' "$2/test.out" | sed 's/ *$//'
  ok=$(count "$2/test.out" 'Ok') xfail=$(count "$2/test.out" 'Expected Fail')
  bad=$(count "$2/test.out" 'Fail') late=$(count "$2/test.out" 'Timeout')
  surprise=$(count "$2/test.out" 'Unexpected Pass')
  passed=$((passed + ok + xfail))
  failed=$((failed + bad + late + surprise))
  skipped=$((skipped + $(count "$2/test.out" 'Skipped')))
  if [ "$status" -ne 0 ] && [ $((bad + late + surprise)) -eq 0 ]; then
    failed=$((failed + 1)) # Meson itself failed
  fi
  [ "$status" -eq 0 ] || cat "$2/test.out"
}

suite 'tests' build

if [ ! -f build-sanitize/build.ninja ]; then
  meson setup build-sanitize -Db_sanitize=address,undefined -Doptimization=1 -Db_ndebug=false -Db_lundef=false \
    >/dev/null || exit 1
fi
ninja -C build-sanitize --quiet || exit 1
# the OpenMP runtime keeps its thread pool to the end; everything else must be freed. Not with
# detect_stack_use_after_return: GCC before 13.3 then lays vectors of 64 bytes where they are not
# aligned, and the program dies on its first aligned store (GCC bug 110027).
ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=0
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export ASAN_OPTIONS UBSAN_OPTIONS
suite 'tests under AddressSanitizer and UndefinedBehaviorSanitizer' build-sanitize

if [ "$passed" -eq 0 ]; then
  failed=$((failed + 1)) # having checked nothing is a failure too
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
