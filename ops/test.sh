#!/usr/bin/env bash
# Two runs: the rooms that differ on the embedded defaults (intake is driven there by the fault tests), then everything on
# the real services.
# Where a service cannot be had the rest still runs and a table says what was not, unless DOCSTORE_REQUIRE_SERVICES=1
# makes that a failure. Each run, and each of the processes that share its work, has a database, a bucket, a queue
# and an index of its own, beside those of `make run`.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
export DOCSTORE_ENV=test DOCSTORE_RUN="$$"
unset DOCSTORE_STATE STATE
DOCSTORE_SERVICES_TABLE=$(mktemp)
export DOCSTORE_SERVICES_TABLE
trap 'rm -f "$DOCSTORE_SERVICES_TABLE"' EXIT

$python -m ops.services start >"$DOCSTORE_SERVICES_TABLE" 2>&1
started=$?
cat "$DOCSTORE_SERVICES_TABLE"
if ((started != 0)) && [ "${DOCSTORE_REQUIRE_SERVICES:-}" = 1 ]; then
  echo "The services are required here and could not all be started." >&2
  exit 1
fi
((started == 0)) && : >"$DOCSTORE_SERVICES_TABLE"

side_by_side=()
if (($# == 0)); then
  # More processes than cores: much of a test's time is waiting for browsers, workers and services.
  export DOCSTORE_TEST_PROCESSES="${DOCSTORE_TEST_PROCESSES:-4}"
  side_by_side=(-n "$DOCSTORE_TEST_PROCESSES" --dist worksteal --durations 30 --durations-min 5)
  embedded=()
  for room in core audit access cases documents search journeys; do
    compgen -G "tests/$room/test_*.py" >/dev/null && embedded+=("tests/$room")
  done
  echo "First the embedded defaults: ${embedded[*]}"
  (unset DATABASE_URL REDIS_URL OPENSEARCH_URL S3_ENDPOINT_URL CLAMD_ADDRESS DOCSTORE_REQUIRE_SERVICES DOCSTORE_SERVICES_TABLE
   export DOCSTORE_TEST_TEMPLATE; DOCSTORE_TEST_TEMPLATE=$($python -m ops.scratch template) || exit 1
   $python -m pytest "${side_by_side[@]}" "${embedded[@]}" -m "not browser and not services") || exit 1
  export DOCSTORE_EMBEDDED_SEEN=1
  echo "Then everything but what the embedded engine alone was asked, on the real services"
fi

source var/services/env
[ -n "${DATABASE_URL:-}" ] && export DATABASE_URL="${DATABASE_URL%/*}/docstore_$DOCSTORE_RUN"
[ -n "${REDIS_URL:-}" ] && export REDIS_URL="${REDIS_URL%/*}/$((DOCSTORE_RUN % 3 * 4 + 4))"
if [ -n "${S3_ENDPOINT_URL:-}" ]; then
  export S3_BUCKET="docstore-test-$DOCSTORE_RUN"
  $python -m ops.scratch make || exit 1
fi
if ((${#side_by_side[@]})); then
  export DOCSTORE_TEST_TEMPLATE; DOCSTORE_TEST_TEMPLATE=$($python -m ops.scratch template) || exit 1
fi
$python -m pytest "${side_by_side[@]}" "$@"
ended=$?
$python -m ops.scratch remove || true
exit $ended
