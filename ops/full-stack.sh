# Sourced by commands that run on the real services: starts them where the environment names none, and names them.
if [ -z "${DATABASE_URL:-}" ]; then
  .venv/bin/python -m ops.services start >&2 || return 1
  source var/services/env
fi
