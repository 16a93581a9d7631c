#!/usr/bin/env bash
# Throws the demo court away, and only a demo court: a state folder bears a mark of what it is.
set -euo pipefail
cd "$(dirname "$0")/.."
state=${DOCSTORE_STATE:?}
if [ "$(cat "$state/env" 2>/dev/null)" != demo ]; then
  echo "There is no demo court in $state. Nothing was changed." >&2
  exit 1
fi
# The supervisor holds this lock for as long as it runs.
exec 9>>"$state/run.lock"
if ! flock --nonblock 9; then
  echo "The demo court in $state is running. Stop it first. Nothing was changed." >&2
  exit 1
fi
if [ "${YES:-}" != 1 ]; then
  read -r -p "Throw this demo court and everything filed in it away? [y/N] " answer
  [[ $answer == [yY]* ]] || { echo "Nothing was changed."; exit 1; }
fi
# Database, index and vault of the real services are dropped by the product, which knows what is its own there.
[ "${STACK:-embedded}" = full ] && .venv/bin/python manage.py demo_reset --yes
# What services and downloads keep under var is no part of the demo court; nor is a folder that is a court of its own.
for one in "$state"/* "$state"/.[!.]*; do
  case ${one##*/} in services | downloads | run.lock | running) continue ;; esac
  [ -e "$one/env" ] || rm -rf "$one"
done
echo "The demo court is gone. The next \`make run\` makes a fresh one."
