#!/usr/bin/env bash
# Runs a command of manage.py on the demo court that is meant: the one given with STATE or STACK; else the usual one; else,
# where that does not run, the one that was started last from this checkout and still runs.
set -euo pipefail
cd "$(dirname "$0")/.."
running() { [ -e "$1/run.lock" ] && ! flock --nonblock --shared "$1/run.lock" true; }
if [ -z "${GIVEN:-}" ] && ! running "$DOCSTORE_STATE" && [ -f var/running ]; then
  { read -r state && read -r stack; } <var/running
  if running "$state"; then
    export DOCSTORE_STATE=$state STACK=$stack
  fi
fi
if [ "${STACK:-embedded}" = full ]; then
  source ops/full-stack.sh
fi
exec .venv/bin/python manage.py "$@"
