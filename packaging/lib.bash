# shellcheck shell=bash
# What packaging/build, packaging/test and the scripts of the formats share. To be sourced: it goes to the root of the
# repository. Nothing here needs more than bash 3.2, which macOS has.
# shellcheck disable=SC2034 # The variables are for the scripts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null
# One order of names, one calendar, one mode of files, on every machine.
export LC_ALL=C.UTF-8 TZ=UTC DEBIAN_FRONTEND=noninteractive
umask 022

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck source=tests/run.d/programs.bash
source tests/run.d/programs.bash

out=$PWD/target/packages # what is built, and its checksums
stage=$out/stage         # what every package contains, laid out like a prefix
cache=$PWD/target/packaging   # what takes long to make: programs, tools, a chroot
fail() { echo "${0##*/}: $*" >&2 && exit 1; }

find_cargo >/dev/null || fail 'cargo is not installed'
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
host=$(rustc -vV | sed -n 's/^host: //p')
# What is built for: this machine, unless AWSBADGE_TARGET names another whose standard library and linker are here.
target=${AWSBADGE_TARGET:-$host}

# Flags for cargo with which no path of this machine is left in a program, and no name of a registry: cargo keeps the
# sources of packages in a directory per registry, named after it.
export_rustflags() {
  local directory remap=(
    "--remap-path-prefix=$(rustc --print sysroot)=/rust"
    "--remap-path-prefix=$PWD=/awsbadge"
  )
  for directory in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    remap+=("--remap-path-prefix=$directory=/cargo")
  done
  # In this form a flag may have spaces in it.
  CARGO_ENCODED_RUSTFLAGS=$(printf '%s\037' "${remap[@]}")
  export CARGO_ENCODED_RUSTFLAGS=${CARGO_ENCODED_RUSTFLAGS%?}
}

# need PROGRAM:PACKAGE…: installs what is missing, or fails.
need() {
  needed=("$@")
  if [[ -z $(missing) ]]; then return; fi
  install_missing >&2
  [[ -z $(missing) ]] || fail "missing: $(missing | tr '\n' ' ')"
}

# The time of every file in a package: that of the last commit.
if [[ -z ${SOURCE_DATE_EPOCH-} ]]; then
  need git:git
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
fi
export SOURCE_DATE_EPOCH

# tool NAME VERSION: puts a cargo command of this very version on the PATH.
tool() {
  local root=$cache/tools/$1-$2
  need cc:gcc /usr/include/stdlib.h:libc6-dev
  if [[ ! -x $root/bin/$1 ]]; then
    echo "installing: $1 $2" >&2
    # It is for this machine, whatever is built: the flags of awsbadge are not its flags.
    (cd / && unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET &&
      quietly cargo install --quiet --locked --root "$root" "$1@$2") ||
      fail "$1 $2 cannot be installed"
  fi
  PATH=$root/bin:$PATH
}

# venv NAME PACKAGE…: a Python environment with packages of PyPI, on the PATH.
venv() {
  local root=$cache/venv-$1
  need python3:python3 venv:python3-venv
  # Its last line, so that one that was interrupted is made again.
  if [[ "$(cat "$root/has" 2>/dev/null)" != "${*:2}" ]]; then
    echo "installing: ${*:2}" >&2
    rm -rf "$root"
    { quietly python3 -m venv "$root" && quietly "$root/bin/pip" install --quiet "${@:2}"; } || fail "$* cannot be installed"
    printf '%s\n' "${*:2}" >"$root/has"
  fi
  PATH=$root/bin:$PATH
}

# names DIRECTORY NAME…: these scripts in packaging/DIRECTORY, or all there are without a name; one a line.
names() {
  local directory=$1 name
  shift
  if (($# == 0)); then (cd "packaging/$directory" && printf '%s\n' *); fi
  for name; do
    [[ -x packaging/$directory/$name ]] || fail "no '$name' in packaging/$directory; there are: $(names "$directory" | tr '\n' ' ')"
    printf '%s\n' "$name"
  done
}
