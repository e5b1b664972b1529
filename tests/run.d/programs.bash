# shellcheck shell=bash
# How tests/run and packaging/ find and install the programs that they start. `needed` lists them, each as
# PROGRAM:PACKAGE, with the Debian package that brings it; `log` is a file for output that is shown only after a failure.
: "${log:?}"

# Whether a program, or a file by its absolute path, is here. The tests look for programs in these folders.
has() {
  # Debian keeps this part of Python in a package of its own.
  if [[ $1 == venv ]]; then
    python3 -c 'import ensurepip, venv' 2>/dev/null
  elif [[ $1 == /* ]]; then [[ -e $1 ]]; else PATH=/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin type -P "$1" >/dev/null; fi
}

# The packages of what is not here, one a line.
missing() {
  local pair
  # shellcheck disable=SC2154 # Of those that source this.
  for pair in ${needed[@]+"${needed[@]}"}; do
    has "${pair%:*}" || printf '%s\n' "${pair##*:}"
  done
}

# quietly COMMAND…: its output is shown only where it fails.
quietly() { "$@" >"$log" 2>&1 || { cat "$log" && return 1; }; }

# Installs what is missing with apt, as root or by sudo without a password. Look at `missing` afterwards.
install_missing() {
  local packages=() package as_root=()
  # Not mapfile: bash 3.2, which macOS has, does not know it.
  while read -r package; do packages+=("$package"); done < <(missing)
  if ((${#packages[@]} == 0)); then
    echo "every program is here"
    return
  fi
  if ((EUID != 0)); then as_root=(sudo -n); fi
  if ! type -P apt-get >/dev/null || ! ${as_root[@]+"${as_root[@]}"} true 2>/dev/null; then
    echo "may not install: ${packages[*]}"
    return
  fi
  echo "installing: ${packages[*]}"
  quietly ${as_root[@]+"${as_root[@]}"} apt-get update
  # One that this system has no package of must not keep the others away.
  quietly ${as_root[@]+"${as_root[@]}"} apt-get install -y --no-install-recommends "${packages[@]}" ||
    for package in "${packages[@]}"; do
      quietly ${as_root[@]+"${as_root[@]}"} apt-get install -y --no-install-recommends "$package"
    done
}

# Cargo may have been installed without being on the PATH, and HOME may be a clean one, while rustup looks
# for its toolchains in HOME.
find_cargo() {
  local account
  # macOS has no getent.
  account=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)
  account=${account:-${HOME:-}}
  export PATH=$PATH:${CARGO_HOME:-$account/.cargo}/bin
  if ! cargo --version >/dev/null 2>&1; then
    export CARGO_HOME=${CARGO_HOME:-$account/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$account/.rustup}
  fi
  cargo --version
}
