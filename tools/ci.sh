#!/bin/sh
# What continuous integration runs: the test suite as built and under sanitizers, static analysis, the unit tests under
# valgrind, coverage. Ends with one line "N passed, N failed, N skipped" over all; exit status 0 only when none failed.
# It has an hour: what could not end within it, as the machine is slow, is not begun and told as skipped.
set -u

BEGIN_BEFORE=2300 # seconds: the longest part takes 12 minutes of two cores, and up to 20 of busy ones
begin=$(date +%s)
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

part() { # part NAME COMMAND...
  name=$1
  shift
  seconds=$(($(date +%s) - begin))
  echo "== $name, after $((seconds / 60)) minutes"
  if [ "$seconds" -gt $BEGIN_BEFORE ]; then
    echo "skipped: no time is left for it"
    skipped=$((skipped + 1))
    return
  fi
  { "$@" 2>&1; echo $? >"$work/status"; } | tee "$work/log"
  add "$work/log" "$(cat "$work/status")"
}

part 'tests' make test
part 'analysis' make lint
part 'unit tests under valgrind' tests/long/valgrind.sh
part 'coverage' make coverage
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
