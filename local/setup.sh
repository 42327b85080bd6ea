#!/bin/sh
# Make .venv with exactly what requirements.txt locks. Called by make; safe to run again, also after it was interrupted.
set -eu
cd "$(dirname "$0")/.."

if command -v uv >/dev/null 2>&1; then
    uv=uv
    [ -x .venv/bin/python ] || uv venv --quiet --python '>=3.11,<3.14' .venv
else
    uv=.venv/bin/uv
    if [ ! -x .venv/bin/uv ]; then
        python=
        for candidate in python3.13 python3.12 python3.11 python3; do
            if "$candidate" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
                python=$candidate
                break
            fi
        done
        if [ -z "$python" ]; then
            echo "error: no Python 3.11, 3.12 or 3.13 found on the PATH; install one, or uv (https://docs.astral.sh/uv)" >&2
            exit 1
        fi
        "$python" -m venv .venv || {
            echo "error: $python could not make .venv; on Debian and Ubuntu: apt install python3-venv" >&2
            exit 1
        }
        .venv/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check uv
    fi
fi
echo "Installing what requirements.txt locks into .venv ..." >&2
"$uv" pip sync --quiet --require-hashes --python .venv/bin/python requirements.txt
echo "Compiling the gazetteer ..." >&2
.venv/bin/python -c "from include.extract.gazetteer import gazetteer; gazetteer()"
touch .venv/.ready
