#!/usr/bin/env bash
# Runs govulncheck. Its database comes from outside; where it cannot be reached we say so and pass.
set -uo pipefail
mkdir -p bin/tools
[ -x bin/tools/govulncheck ] || GOBIN=$PWD/bin/tools go install "golang.org/x/vuln/cmd/govulncheck@$1" || exit 1
out=$(bin/tools/govulncheck ./... 2>&1)
code=$?
if [ $code -ne 0 ] && grep -qiE 'dial tcp|no such host|connection refused|fetching vulnerabilities|403 Forbidden|proxyconnect' <<<"$out"; then
  echo "govulncheck: the database of known faults cannot be reached from here; nothing was checked."
  exit 0
fi
printf '%s\n' "$out"
exit $code
