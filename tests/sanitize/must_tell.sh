#!/bin/sh
# must_tell.sh WORDS PROGRAM: a sanitizer that says nothing about a planted fault checks nothing. PROGRAM
# has to fail, and its report to contain WORDS.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_sigill=1" # as tools/test.sh has it
if said=$("$2" 2>&1); then
  echo "$2 went through: $said"
  exit 1
fi
case $said in
  *"$1"*) echo "found, as it must be: $1" ;;
  *) echo "no word of \"$1\" in: $said"; exit 1 ;;
esac
