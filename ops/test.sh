#!/usr/bin/env bash
# Two runs: everything on the real services, then the rooms that differ on the embedded defaults.
# Without services the first run is on the embedded defaults too, unless DOCSTORE_REQUIRE_SERVICES=1 makes that a failure.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOCSTORE_ENV=test
unset DOCSTORE_STATE

told=$(mktemp)
if .venv/bin/python -m ops.services start >"$told" 2>&1; then
  source var/services/env
elif [ "${DOCSTORE_REQUIRE_SERVICES:-}" = 1 ]; then
  cat "$told"
  echo "The services are required here and could not be started." >&2
  exit 1
fi

if [ -n "${DATABASE_URL:-}" ]; then
  (unset DATABASE_URL REDIS_URL OPENSEARCH_URL S3_ENDPOINT_URL CLAMD_ADDRESS
   .venv/bin/python -m pytest tests/core tests/audit tests/cases tests/documents tests/intake tests/journeys -m "not browser and not services") || exit 1
else
  cat "$told"
fi
.venv/bin/python -m pytest "$@"
