#!/usr/bin/env bash
# Checks what Khuê needs to be built, and says how to get it. With --tests it also installs Chromium and PostgreSQL from
# Debian when they are missing, saying what it does.
set -euo pipefail
missing=()
command -v go >/dev/null || missing+=("Go 1.26 or newer: https://go.dev/dl")
command -v gcc >/dev/null || command -v cc >/dev/null || missing+=("a C compiler (SQLite is built with it): apt-get install gcc libc6-dev")
command -v node >/dev/null || missing+=("Node.js 20 or newer: apt-get install nodejs")
command -v npm >/dev/null || missing+=("npm: apt-get install npm")
if [ ${#missing[@]} -gt 0 ]; then
  echo "Thiếu / missing:"
  printf '  - %s\n' "${missing[@]}"
  exit 1
fi
if command -v go >/dev/null; then
  have=$(go env GOVERSION); have=${have#go}
  if [ "$(printf '%s\n1.26\n' "$have" | sort -V | head -n 1)" != "1.26" ]; then
    echo "Go $have is too old; Khuê needs 1.26 or newer: https://go.dev/dl"
    exit 1
  fi
fi
[ "${1:-}" = "--tests" ] || exit 0

install=()
command -v chromium >/dev/null || install+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || install+=(postgresql)
if [ ${#install[@]} -gt 0 ]; then
  echo "The tests need ${install[*]}; installing from Debian: apt-get install ${install[*]}"
  root=(); [ "$(id -u)" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${install[@]}" >/dev/null
fi
