#!/bin/sh
# Makes a locale of decimal commas where the system can, and runs the test in it: locale.sh TEST
test=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/locales"
if ! localedef -i de_DE -f UTF-8 "$work/locales/de_DE.UTF-8" >/dev/null 2>&1; then
  echo "skipped: localedef can't make de_DE.UTF-8 (Debian package locales)"
  exit 77
fi
cd "$work" && LOCPATH="$work/locales" "$test" de_DE.UTF-8
