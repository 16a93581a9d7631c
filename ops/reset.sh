#!/usr/bin/env bash
# Throws the demo court away, and only a demo court: a state folder bears a mark of what it is.
set -euo pipefail
cd "$(dirname "$0")/.."
state=${DOCSTORE_STATE:?}
[ "$(cat "$state/env" 2>/dev/null)" = demo ] || { echo "There is no demo court in this state folder. Nothing was changed." >&2; exit 1; }
if [ "${YES:-}" != 1 ]; then
  read -r -p "Throw this demo court and everything filed in it away? [y/N] " answer
  [[ $answer == [yY]* ]] || { echo "Nothing was changed."; exit 1; }
fi
[ "${STACK:-embedded}" = full ] && .venv/bin/python manage.py demo_reset --yes
find "$state" -mindepth 1 -maxdepth 1 ! -name services ! -name full -exec rm -rf {} +
echo "The demo court is gone. The next \`make run\` makes a fresh one."
