#!/usr/bin/env bash
# Rebuilds and starts khue again when a source file changes; open pages draw themselves anew. Ctrl-C ends it.
set -uo pipefail
pid=
stop() { [ -n "$pid" ] && kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; pid=; }
trap 'stop; exit 0' INT TERM
sum() { git ls-files -co --exclude-standard -z -- '*.go' '*.templ' '*.css' '*.js' '*.yaml' '*.sql' | xargs -0 -r stat -c '%n %Y %s' 2>/dev/null | sort | sha256sum; }
last=
while :; do
  now=$(sum)
  if [ "$now" != "$last" ]; then
    last=$now
    if bin/tools/templ generate -log-level error && go run ./web/ui/build && go build -o bin/khue ./cmd/khue; then
      stop
      KHUE_DEV=1 bin/khue serve "$@" &
      pid=$!
    fi
  fi
  sleep 1
done
