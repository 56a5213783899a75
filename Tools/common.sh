# shellcheck shell=bash disable=SC2034
# What the shell scripts of this folder share. Sourced, never run.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
script=$(basename "$0")

# Ends the script with one line that says what is wrong and what to do. The optional second argument is the exit code.
fail() {
  printf 'Tools/%s: %s\n' "$script" "$1" >&2
  exit "${2:-1}"
}

# Prints the comment block at the head of the script as its help.
print_help() {
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
}

# Runs "stage NAME COMMAND…": prints a line when it begins and one with its seconds when it ends; a failing stage ends the script.
# Inside COMMAND a failing line does not end anything by itself (bash ignores "set -e" there): functions return their own status.
stage() {
  local name=$1 start=$SECONDS
  shift
  printf '== %s\n' "$name"
  "$@" || fail "stage '$name' failed after $((SECONDS - start)) s (its output is above)"
  printf '== %s: done in %d s\n' "$name" "$((SECONDS - start))"
}
