#!/bin/sh
# page.sh DESCENT LIST FILE - a page of docs/ is what the command prints from the descriptors.
set -eu
"$1" list "$2" --markdown | diff - "$3" && exit 0
echo "write it anew: descent list $2 --markdown > docs/$2.md"
exit 1
