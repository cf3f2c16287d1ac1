#!/usr/bin/env bash
# The browser tests need a Chromium. Installs Debian's when it may; otherwise says so in one line and goes on.
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing chromium for the browser tests" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
    >/dev/null 2>&1 && exit 0
fi
echo "No chromium here and it could not be installed: the browser tests are left out." >&2
