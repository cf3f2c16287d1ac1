#!/usr/bin/env bash
# What tests and benchmarks use of the system: Chromium for the browser tests, jemalloc under Vosk. Installs Debian's when
# it may; otherwise says in one line what is done without, and goes on.
wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
PATH=$PATH:/sbin ldconfig -p 2>/dev/null | grep -q libjemalloc || wanted+=(libjemalloc2)
[ ${#wanted[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${wanted[*]}" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } \
    >/dev/null 2>&1 && exit 0
fi
for name in "${wanted[@]}"; do
  case $name in
    chromium) echo "No chromium here and it could not be installed: the browser tests are left out." >&2 ;;
    *) echo "No jemalloc here and it could not be installed: transcription costs more without it." >&2 ;;
  esac
done
