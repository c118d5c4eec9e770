#!/bin/sh
# The library has no global mutable state: nothing in its object files may lie where a program can
# write. writable.sh LIBRARY... ; tables of addresses (.data.rel.ro) are read-only once it is loaded.
#
#   __dso_handle completed.N __TMC_END__   the C runtime's own, in every shared library
#   __cpu_model __cpu_features2            GCC's, of __builtin_cpu_supports(); written once, at loading
known='^(__dso_handle|completed\.[0-9]+|__TMC_END__|__cpu_model|__cpu_features2|\.(data|bss|tdata|tbss))$'
for library in "$@"; do
  case $library in
    *.so*) ;;
    *) continue ;;
  esac
  all=$(objdump -t "$library") || exit 1
  if [ "$(echo "$all" | grep -c ' \.data\.rel\.ro')" -eq 0 ]; then
    echo "$library: its symbols can't be read"
    exit 1
  fi
  found=$(echo "$all" | awk '{ for (i = 2; i < NF; i++) if ($i ~ /^\.(data|bss|tdata|tbss|data\.rel|data\.rel\.local)$/) print $NF }' | grep -Ev "$known")
  if [ -n "$found" ]; then
    echo "$library has writable data:" $found
    exit 1
  fi
  echo "$library: no writable data"
  exit 0
done
echo "no shared library given"
exit 1
