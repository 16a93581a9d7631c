#!/usr/bin/env bash
# Everything that can be said about the code without running it.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOCSTORE_STATE=${TMPDIR:-/tmp}/docstore-check
mkdir -p "$DOCSTORE_STATE"
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/lint-imports --no-logo
.venv/bin/mypy docstore config workers ops station
.venv/bin/python manage.py check
.venv/bin/python manage.py makemigrations --check --dry-run
.venv/bin/python manage.py references --check
echo "All checks hold."
