# shellcheck shell=bash
# What the tests of the formats share: to be sourced after lib.bash. A test prints one line per check; packaging/test
# counts them.
: "${log:?}" "${out:?}" "${stage:?}" "${target:?}"

format=${0##*/}
work=$(mktemp -d)
trap 'rm -rf "$log" "$work"' EXIT
# The tester's own identity and settings are not what is tested.
# What the packages were made with is kept for making them again.
made_with=()
for name in "${!AWS@}" "${!XDG@}"; do
  made_with+=("$name=${!name}")
  unset "$name"
done
# shellcheck source=tests/bench.d/measure.bash
source tests/bench.d/measure.bash

# check WHAT COMMAND…: one line; after a failure, what the command printed.
check() {
  if "${@:2}" >"$log" 2>&1; then
    printf 'ok      %s: %s\n' "$format" "$1"
  else
    printf 'FAILED  %s: %s\n' "$format" "$1"
    sed 's/^/        /' "$log"
  fi
}

# the_package GLOB: the one file in target/packages of this name.
the_package() {
  local found
  found=$(find "$out" -maxdepth 1 -type f -name "$1")
  [[ -f $found ]] || fail "there should be one $1 in target/packages: run packaging/build $format"
  printf '%s\n' "$found"
}

# same_again FILE: building the format a second time, out of the same tree, gives the same bytes.
same_again() {
  mkdir "$work/again"
  env ${made_with[@]+"${made_with[@]}"} "packaging/formats/$format" "$work/again"
  cmp "$1" "$work/again/${1##*/}"
}

# same_programs DIRECTORY: its programs are the ones that were built, byte for byte.
same_programs() {
  local program
  for program in awsbadge awsbadge-sso; do cmp "$stage/bin/$program" "$1/$program" || return 1; done
}

# licences FILE DIRECTORY: the file THIRD-PARTY names every package that left its name in the programs in the directory
# (in places of panics), and has the texts that must not be missing.
licences() {
  local name text names texts=('Mozilla Public License Version 2.0')
  case $target in
    *-gnu) texts+=('GNU LESSER GENERAL PUBLIC LICENSE' 'GCC RUNTIME LIBRARY EXCEPTION') ;;
    *-musl) texts+=('Rich Felker' 'LLVM Exceptions to the Apache 2.0 License') ;;
  esac
  names=$(grep -aohE '/cargo/[A-Za-z0-9_-]+-[0-9]+\.[0-9]+\.[0-9]+/' "$2/awsbadge" "$2/awsbadge-sso" | sort -u)
  (($(wc -l <<<"$names") > 10)) || return 1
  for name in $names; do
    name=$(basename "$name")
    grep -qF "${name%-*} ${name##*-} " "$1" || { echo "not named: $name" && return 1; }
  done
  for text in "${texts[@]}"; do
    grep -qF "$text" "$1" || { echo "missing: $text" && return 1; }
  done
}

# no_paths DIRECTORY: no file in it names a directory of the machine that built it.
no_paths() {
  local patterns=() path
  for path in "$PWD" "${HOME%/}/" "${CARGO_HOME:-$HOME/.cargo}" "$(rustc --print sysroot)"; do
    [[ $path == / ]] || patterns+=(-e "$path")
  done
  if grep -rlaF "${patterns[@]}" "$1"; then return 1; fi
}

# few_instructions PROGRAM: a prompt with three profiles is within the limit of tests/bench.
few_instructions() {
  local count
  # shellcheck source=tests/bench.d/homes.bash
  source tests/bench.d/homes.bash
  [[ -d $work/3 ]] || make_home 3
  [[ $(at 3 "$1" prompt) == 'aws:p3 5'?m ]] || return 1
  count=$(at 3 instructions "$1" prompt --shell zsh)
  echo "$count instructions, at most $most_instructions"
  ((count <= most_instructions))
}
