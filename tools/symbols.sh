#!/bin/sh
# The shared library must export descent_* and nothing else: symbols.sh LIBRARY...
for library in "$@"; do
  case $library in
    *.so*) ;;
    *) continue ;;
  esac
  found=$(nm -D --defined-only "$library" | awk '{ print $3 }')
  checked=$(echo "$found" | grep -c '^descent_')
  strange=$(echo "$found" | grep -v '^descent_')
  if [ "$checked" -eq 0 ] || [ -n "$strange" ]; then
    echo "$library exports $checked descent_ symbols and these others: $strange"
    exit 1
  fi
  echo "$library: $checked symbols"
  exit 0
done
echo "no shared library given"
exit 1
