#!/bin/sh
# Runs every executable file tests/long/*.sh and *.py with the command as its argument; 77 is skipped.
# Ends with one line "N passed, N failed, N skipped"; exit status 0 only when none failed.
set -u

passed=0 failed=0 skipped=0

for test in tests/long/*.sh tests/long/*.py; do
  [ -x "$test" ] || continue
  echo "== $test"
  "$test" build/descent
  case $? in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *) failed=$((failed + 1)) ;;
  esac
done

if [ "$passed" -eq 0 ]; then
  failed=$((failed + 1)) # having checked nothing is a failure too
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
