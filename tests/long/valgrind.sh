#!/bin/sh
# The unit tests under valgrind's memcheck, in a build of its own: no error, no block that is lost. Takes about 20
# minutes of processor. Valgrind knows AVX2 and no AVX-512; and it neither flushes denormal numbers nor always rounds as a
# processor does, so what counts is what it finds (exit status 99) or a crash, not whether a test's numbers come out.
#
#     valgrind.sh                   all of them, as many at a time as there are processors
#     valgrind.sh --minutes N       ends after so many: the rest is skipped, what then still runs as well. Which come
#                                   first depends on the commit, so that after a few of them all have had their turn
#     valgrind.sh --one PROGRAM     one: "PROGRAM: passed", or what is wrong
set -u
command -v valgrind >/dev/null 2>&1 || { echo 'skipped: valgrind is not there'; exit 77; }
script=$(realpath "$0")
source=$(dirname "$(dirname "$(dirname "$script")")")
build=$source/build-valgrind
export OPENBLAS_NUM_THREADS=1 DESCENT_SOURCE="$source" DESCENT_SHARED="$source/../shared"

# check PROGRAM LEAK_CHECK: what valgrind finds is in $log.found, what the program says in $log.said; status 124 where
# there is no time, or the program hangs
check() {
  seconds=$((${UNTIL:-9999999999} - $(date +%s)))
  [ $seconds -gt 0 ] || return 124
  [ $seconds -le 1800 ] || seconds=1800
  timeout "$seconds" valgrind --quiet --leak-check="$2" --errors-for-leak-kinds=definite --log-file="$log.found" \
    --suppressions="$source/tests/sanitize/valgrind.supp" --error-exitcode=99 "./$1" >"$log.said" 2>&1
}

one() { # one PROGRAM, of the build folder
  log=$build/$(basename "$1")
  cd "$build" || exit 1
  check "$1" full
  status=$?
  # a test whose numbers don't come out ends where it stands, and what it holds is lost
  if [ $status -eq 99 ] && grep -q 'FAILED' "$log.said"; then
    echo "$1: looked at without leaks, as numbers don't come out under valgrind"
    check "$1" no
    status=$?
  fi
  if [ $status -eq 124 ] && [ -n "${UNTIL:-}" ] && [ "$(date +%s)" -ge "$UNTIL" ]; then
    echo "$1: no time"
    return
  fi
  if [ $status -eq 99 ] || [ $status -ge 124 ]; then
    echo "$1: status $status"
    cat "$log.found"
    exit 1
  fi
  echo "$1: passed"
}

if [ "${1:-}" = --one ]; then
  one "$2"
  exit 0
fi
if [ "${1:-}" = --minutes ]; then
  UNTIL=$(($(date +%s) + 60 * $2))
  export UNTIL
fi

cd "$source" || exit 1
. tools/fast_link.sh
if [ ! -f "$build/build.ninja" ]; then
  meson setup "$build" -Doptimization=2 -Dpages=false -Dthreads=pthread -Donednn=false -Dhighest_level=avx2 -Ddebug=false -Dc_args=-g1 >/dev/null || exit 1
fi
ninja -C "$build" build.ninja >/dev/null || exit 1 # what programs.py reads
commit=$(git rev-parse HEAD 2>/dev/null || echo none)
programs=$(python3 tools/programs.py "$build" values | tr ' ' '\n' | grep '/unit_' |
  while read -r name; do echo "$(echo "$commit $name" | cksum) $name"; done | sort -n | awk '{ print $NF }') || exit 1

# a planted fault must be found, whatever time is left
cc -g -I include -I src tests/sanitize/uninitialised.c src/base/parallel_pthread.c -pthread -o "$build/planted" || exit 1
planted=$(UNTIL='' "$script" --one planted)
case $planted in
  *'planted: status 99'*) wrong=0 ;;
  *) wrong=1; echo "valgrind does not find the planted fault: $planted" ;;
esac

# built as they are needed: where time ends, those that had no turn were not built either
: >"$build/results"
for some in $(echo "$programs" | xargs -n 16 | tr ' ' ','); do
  some=$(echo "$some" | tr ',' ' ')
  if [ -z "${UNTIL:-}" ] || [ "$(date +%s)" -lt "$UNTIL" ]; then
    # shellcheck disable=SC2086
    ninja -C "$build" --quiet $some || exit 1
  fi
  echo "$some" | xargs -n 1 -P "$(nproc)" "$script" --one >>"$build/results" 2>&1
done
grep -v -e ': passed$' -e ': no time$' "$build/results"
passed=$(grep -c ': passed$' "$build/results")
skipped=$(grep -c ': no time$' "$build/results")
failed=$(($(echo "$programs" | wc -l) - passed - skipped + wrong))
echo "$passed passed, $failed failed, $skipped skipped"
# with time to spare, to have checked nothing is a failure; where building took all of it, it was told
[ "$failed" -eq 0 ] && { [ "$passed" -gt 0 ] || [ -n "${UNTIL:-}" ]; }
