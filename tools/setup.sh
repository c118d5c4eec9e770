#!/bin/sh
# Installs what the build and the tests need, on Debian; does nothing when all of it is there.
# One line a package: its name, and a file or command that shows that it is installed. What is only
# wanted is for pages and tests: without it the build has no pages, and tests that need it are skipped.
set -eu

missing='' wished=''
is_there() { # is_there command|file THING
  case $1 in
    command) command -v "$2" >/dev/null 2>&1 ;;
    file) [ -e "$2" ] ;;
  esac
}
need() { # need PACKAGE command|file THING
  is_there "$2" "$3" || missing="$missing $1"
}
want() { # want PACKAGE command|file THING
  is_there "$2" "$3" || wished="$wished $1"
}
install() { # install PACKAGE...: apt-get's last words when it fails
  log=$(mktemp)
  status=0
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 || status=1
  [ "$status" -eq 0 ] || tail -n 20 "$log" >&2
  rm -f "$log"
  return "$status"
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
need libmicrohttpd-dev file /usr/include/microhttpd.h
need libinih-dev file /usr/include/ini.h
need libcmocka-dev file /usr/include/cmocka.h
need liblapacke-dev file /usr/include/lapacke.h
want nodejs command node
want npm command npm
if [ "${1:-}" = test ]; then
  want chromium command chromium
  want locales file /usr/share/i18n/locales/de_DE
  want clang command clang
  want lld command ld.lld
  want strace command strace
  want valgrind command valgrind
fi
if [ "${1:-}" = coverage ]; then
  need gcovr command gcovr
fi
if [ "${1:-}" = lint ]; then
  need clang command clang
  need clang-format command clang-format
  need clang-tidy command clang-tidy
  need cppcheck command cppcheck
fi

if [ "${1:-}" = fuzz ]; then
  need clang command clang
  need libclang-rt-dev file "$(clang -print-runtime-dir 2>/dev/null)/libclang_rt.fuzzer-$(uname -m).a"
fi

if [ -n "$wished" ]; then
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
    echo "installing$wished"
    # shellcheck disable=SC2086
    install $wished || echo "going on without:$wished (for pages and tests)" >&2
  else
    echo "going on without:$wished (for pages and tests)" >&2
  fi
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
# shellcheck disable=SC2086
if ! install $missing; then
  echo "could not install:$missing" >&2
  exit 1
fi
