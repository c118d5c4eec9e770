# Builds for checks hold hundreds of programs: lld, where it is there, links them in half the time. To be sourced.
if command -v ld.lld >/dev/null 2>&1; then
  CC_LD=lld
  export CC_LD
fi
