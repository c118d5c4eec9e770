#!/bin/sh
# The unit tests under valgrind's memcheck, in a build of its own: no error, no block that is lost. Valgrind
# knows AVX2 and no AVX-512; and it neither flushes denormal numbers nor always rounds as a processor does,
# so what counts is what it finds (exit status 99) or a crash, not whether a test's numbers come out.
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
for program in $(python3 tools/programs.py $build values | tr " " "\n" | grep /unit_); do
  (cd $build && timeout 1800 valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite \
    --suppressions="$source/tests/sanitize/valgrind.supp" --error-exitcode=99 "./$program") >$build/valgrind.out 2>&1
  status=$?
  if [ $status -eq 99 ] || [ $status -ge 124 ] || grep -q '^==[0-9]*== .*lost' $build/valgrind.out; then
    echo "$program: status $status"
    grep '^==' $build/valgrind.out
    failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
