#!/bin/sh
# What continuous integration runs: the test suite as built and under sanitizers, static analysis, coverage, the unit
# tests under valgrind. Ends with one line "N passed, N failed, N skipped" over all; exit status 0 only when none failed.
# It has an hour, or CI_SECONDS: what could not end within it, as the machine is slow, is not begun and told as skipped.
# How slow it is shows in how long the tests take. Valgrind takes what time is left, and then tells how many programs had
# no turn. All parts take some 70 minutes of two idle cores: where there is an hour, the commit says which of analysis and
# coverage has its turn.
set -u

HAS=${CI_SECONDS:-3440} TESTS=2300 # seconds: the time there is, and what the tests take on two idle cores, with builds
begin=$(date +%s) slow=100 # per cent
sh tools/setup.sh test
. tools/fast_link.sh # for the build that the tests find, too
passed=0 failed=0 skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What the last line of the log "N passed, N failed, N skipped" counts, else one part that passed or failed.
add() { # add LOG STATUS
  # shellcheck disable=SC2046
  set -- "$2" $(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$1" | tail -n 1 | tr -cd '0-9 ')
  if [ $# -eq 4 ]; then
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    [ "$1" -eq 0 ] || [ "$3" -gt 0 ] || failed=$((failed + 1))
  elif [ "$1" -eq 77 ]; then
    skipped=$((skipped + 1))
  elif [ "$1" -eq 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
}

part() { # part NAME SECONDS COMMAND...: what it takes on two idle cores
  name=$1 needs=$(($2 * slow / 100))
  shift 2
  seconds=$(($(date +%s) - begin))
  echo "== $name, after $((seconds / 60)) minutes"
  if [ $((seconds + needs)) -gt $HAS ]; then
    echo "skipped: no time is left for it"
    skipped=$((skipped + 1))
    return
  fi
  { "$@" 2>&1; echo $? >"$work/status"; } | tee "$work/log"
  add "$work/log" "$(cat "$work/status")"
}

coverage() {
  if [ ! -d ../shared ]; then
    echo 'skipped: lines that read ../shared count, and it is not there'
    return 77
  fi
  make coverage
}

part 'tests' 0 make test
seconds=$(($(date +%s) - begin))
[ "$seconds" -le $TESTS ] || slow=$((seconds * 100 / TESTS))

ANALYSIS=500 COVERAGE=700 VALGRIND=180 # seconds: of the third part, but enough to get anywhere
analysed() { part 'analysis' $ANALYSIS make lint; }
counted() { part 'coverage' $COVERAGE coverage; }
watched() {
  left=$((HAS - $(date +%s) + begin))
  part 'unit tests under valgrind' $VALGRIND tests/long/valgrind.sh --minutes $((left / 60))
}
commit=$(git rev-parse HEAD | cksum | cut -d ' ' -f 1)
if [ $((commit % 2)) -eq 0 ]; then
  analysed
  counted
else
  counted
  analysed
fi
watched
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
