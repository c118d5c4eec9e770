#!/bin/sh
# Installs what the build and the tests need, on Debian; does nothing when all of it is there.
# One line a package: its name, and a file or command that shows that it is installed.
set -eu

missing=''
need() { # need PACKAGE command|file THING
  case $2 in
    command) command -v "$3" >/dev/null 2>&1 || missing="$missing $1" ;;
    file) [ -e "$3" ] || missing="$missing $1" ;;
  esac
}

need gcc command cc
need libc6-dev file /usr/include/stdio.h
need meson command meson
need ninja-build command ninja
need pkg-config command pkg-config
need python3 command python3
need libdnnl-dev file /usr/include/dnnl.h
need zlib1g-dev file /usr/include/zlib.h
need libpng-dev file /usr/include/png.h
need libjansson-dev file /usr/include/jansson.h
need libinih-dev file /usr/include/ini.h
need libcmocka-dev file /usr/include/cmocka.h
need liblapacke-dev file /usr/include/lapacke.h
if [ "${1:-}" = lint ]; then
  need clang command clang
  need clang-format command clang-format
  need clang-tidy command clang-tidy
fi

[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  echo "descent needs these Debian packages (or what your system calls them):$missing" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "descent needs these packages:$missing" >&2
  echo "install them with: sudo apt-get install$missing" >&2
  exit 1
fi
echo "installing$missing"
log=$(mktemp)
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "could not install:$missing" >&2
  exit 1
fi
rm -f "$log"
