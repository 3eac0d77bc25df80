#!/usr/bin/env bash
# Gradescope runs this once, when the autograder is built: a Python of its own with what the course needs.
set -euo pipefail
base=${AUTOGRADER_HOME:-/autograder}
export DEBIAN_FRONTEND=noninteractive

usable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() { # say which Python is 3.11 or newer and can make environments
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if usable "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    apt-get -qq update
    apt-get -qq -y install python3.12 python3.12-venv || apt-get -qq -y install python3.11 python3.11-venv
    python=$(find_python) || { echo "No Python 3.11 or newer was found or could be installed: choose a newer base image."; exit 1; }
fi
# Learners' code runs inside bubblewrap where the container lets it; grading goes on without.
command -v bwrap >/dev/null || apt-get -qq -y install bubblewrap || echo "bubblewrap could not be installed"

"$python" -m venv --clear "$base/venv"
"$base/venv/bin/python" -m pip --disable-pip-version-check install --no-cache-dir --progress-bar=off \
    -r "$base/source/requirements.txt" --extra-index-url=https://download.pytorch.org/whl/cpu
PYTHONPATH="$base/source:$base/source/notebooks" "$base/venv/bin/python" -c 'import grader.desks.grading.grade, lesson'
chmod 700 "$base/source/grader/exercises" # the answers are for the grader alone
