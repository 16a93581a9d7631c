# Sourced by commands that run on the real services: starts those that neither run nor are named, then names them all.
.venv/bin/python -m ops.services start >&2 || return 1
source var/services/env
