#!/bin/sh
# The unit tests under valgrind's memcheck, in a build of its own: no error, no block that is lost. Takes about 20
# minutes. Valgrind knows AVX2 and no AVX-512; and it neither flushes denormal numbers nor always rounds as a
# processor does, so what counts is what it finds (exit status 99) or a crash, not whether a test's numbers come out.
set -u
command -v valgrind >/dev/null 2>&1 || { echo 'skipped: valgrind is not there'; exit 77; }
source=$(cd "$(dirname "$0")/../.." && pwd)
cd "$source" || exit 1
build=build-valgrind
if [ ! -f $build/build.ninja ]; then
  meson setup $build -Dpages=false -Dthreads=pthread -Donednn=false -Dhighest_level=avx2 >/dev/null || exit 1
fi
ninja -C $build build.ninja >/dev/null || exit 1 # what programs.py reads
# shellcheck disable=SC2046
ninja -C $build --quiet $(python3 tools/programs.py $build values) || exit 1
export OPENBLAS_NUM_THREADS=1 DESCENT_SOURCE="$source" DESCENT_SHARED="$source/../shared"
passed=0 failed=0

check() { # check PROGRAM LEAK_CHECK: what valgrind finds is in valgrind.log, what the program says in valgrind.out
  (cd $build && timeout 1800 valgrind --quiet --leak-check="$2" --errors-for-leak-kinds=definite \
    --log-file=valgrind.log --suppressions="$source/tests/sanitize/valgrind.supp" --error-exitcode=99 "./$1") \
    >$build/valgrind.out 2>&1
}

# a planted fault must be found
cc -g -I include -I src tests/sanitize/uninitialised.c src/base/parallel_pthread.c -pthread -o $build/planted || exit 1
check planted full
if [ $? -ne 99 ]; then
  echo 'valgrind does not find the planted fault'
  failed=1
fi

for program in $(python3 tools/programs.py $build values | tr ' ' '\n' | grep /unit_); do
  check "$program" full
  status=$?
  # a test whose numbers don't come out ends where it stands, and what it holds is lost
  if [ $status -eq 99 ] && grep -q 'FAILED' $build/valgrind.out; then
    echo "$program: looked at without leaks, as numbers don't come out under valgrind"
    check "$program" no
    status=$?
  fi
  if [ $status -eq 99 ] || [ $status -ge 124 ]; then
    echo "$program: status $status"
    cat $build/valgrind.log
    failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
