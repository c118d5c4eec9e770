#!/bin/sh
# An array of more than 2^31 numbers in a graph; wants 12 GB of memory. A minute or two.
free=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)
if [ "$free" -lt 12 ]; then
  echo "skipped: wants 12 GB of memory, there are $free"
  exit 77
fi
exec "$(dirname "$1")/tests/large_tensors"
