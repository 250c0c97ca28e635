# Sourced by every script: where things stand, and how the scripts speak.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
export PATH=$root/.venv/bin:$PATH:$HOME/.cargo/bin
export MOTCUA_PYTHON=${MOTCUA_PYTHON:-$root/.venv/bin/python}

# What a script is for stands at its head, and costs no set-up to read.
if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
    exit
fi

step() { printf '\n== %s\n' "$*" >&2; }

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# limit TIME COMMAND…: nothing waits for ever. At a terminal Ctrl-C must still reach the command.
limit() {
    local foreground=()
    [[ -t 0 ]] && foreground=(--foreground)
    timeout "${foreground[@]}" --kill-after=30s "$@"
}
