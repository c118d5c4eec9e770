#!/bin/sh
# cppcheck.sh BUILD: cppcheck over the sources, with the lists that a build folder has generated. What it
# isn't asked is in cppcheck.txt, with reasons.
set -eu
lists=$(find "$1/src" -name '*_list.h' -exec dirname {} \; | sort -u | sed 's/^/-I /')
# shellcheck disable=SC2086
cppcheck -j "$(nproc)" --quiet --std=c17 --language=c --enable=warning,performance,portability,style --inline-suppr \
  --library=posix,gnu --suppressions-list=tools/cppcheck.txt --error-exitcode=1 \
  --template='{file}:{line}: {message} [{id}]' --include=tools/cppcheck.h -I include -I src $lists src examples
