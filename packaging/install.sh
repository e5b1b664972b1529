#!/bin/sh
# Installs awsbadge and awsbadge-sso from a release. See usage() below, or docs/install.md.
#
# For any POSIX shell. Nothing runs before the whole script has arrived: everything is in functions, and the call of
# main is the last line, in braces. Cut off anywhere, that is a syntax error or a set of unused functions.

# The release workflow fills these in (packaging/installer).
default_url='@BASE_URL@'
default_version='@VERSION@'

usage() {
  cat <<'USAGE'
Install awsbadge and awsbadge-sso from a release

Usage: install.sh [OPTIONS]

Downloads the archive for this platform, verifies its SHA-256 checksum, and puts the files into ~/.local. Needs no root,
and changes no start-up file of a shell. Replaces only files that it installed itself.

Options:
  --prefix DIR    Install into DIR/bin and DIR/share [default: ~/.local]
  --version V     Install this version [default: the release that this script is from]
  --target T      Install the archive for this target [default: this platform]
  --base-url URL  Download URL/vVERSION/FILE [default: $AWSBADGE_BASE_URL, else where this script is from]
  --uninstall     Remove what this script installed into the prefix
  --dry-run       Download and verify, or look for what to remove, and only say what would be done
  --help          Print this text
USAGE
}

# fail WHAT [HINT [CODE]]
fail() {
  printf 'error: %s\n' "$1" >&2
  if [ -n "${2-}" ]; then printf 'hint: %s\n' "$2" >&2; fi
  exit "${3-1}"
}

has() { command -v "$1" >/dev/null 2>&1; }

# --- the parts of an installation ---

# The name that the releases have for this platform. awsbadge-sso needs glibc 2.34 there.
this_target() {
  case $(uname -s) in
    Linux) vendor=unknown-linux-gnu ;;
    Darwin) vendor=apple-darwin ;;
    *) fail "there is no release for $(uname -s)" 'build from source, or name another target with --target' ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) printf 'x86_64-%s\n' "$vendor" ;;
    aarch64 | arm64) printf 'aarch64-%s\n' "$vendor" ;;
    *) fail "there is no release for $(uname -m) processors" 'build from source, or name another target with --target' ;;
  esac
}

# The first of these programs that is here.
first_of() {
  for program in "$@"; do
    if has "$program"; then
      printf '%s\n' "$program"
      return 0
    fi
  done
  return 1
}

# The SHA-256 of a file, in hexadecimal. From standard input, so that no name can change the format of the answer.
sum_of() {
  case $summer in
    sha256sum) sum_line=$(sha256sum <"$1") ;;
    shasum) sum_line=$(shasum -a 256 <"$1") ;;
    openssl) sum_line=$(openssl dgst -sha256 -r <"$1") ;;
  esac || return 1
  printf '%s\n' "${sum_line%% *}"
}

# download URL FILE. Redirections stay with https, as far as the program can be asked to.
download() {
  case $1 in
    https://*) scheme=https ;;
    http://127.0.0.1:* | http://localhost:*) scheme=http ;;
    *) fail "'$1' is not an https address" ;;
  esac
  if [ "$loader" = curl ]; then
    message=$(curl -fsSL --proto "=$scheme" --proto-redir "=$scheme" --retry 2 --connect-timeout 20 \
      --speed-limit 1 --speed-time 30 -o "$2" "$1" 2>&1)
  elif wget --version >/dev/null 2>&1; then
    message=$(wget -nv --tries=3 --timeout=30 -O "$2" "$1" 2>&1)
  else
    message=$(wget -q -O "$2" "$1" 2>&1)
  fi || fail "cannot download $1: $(printf '%s' "$message" | tail -n 1)" \
    "check the address, the network, and the free space in '$work'"
}

# Makes a directory and those above it, and notes which are new.
make_dir() {
  if [ -z "$1" ] || [ -d "$1" ]; then return 0; fi
  make_dir "${1%/*}" || return 1
  mkdir "$1" 2>/dev/null || return 1
  made="$1
$made"
}

# Removes directories, one a line, as far as they are empty.
remove_dirs() {
  while read -r dir; do
    if [ -n "$dir" ]; then rmdir "$dir" 2>/dev/null; fi
  done <<DIRS
$1
DIRS
  return 0
}

# The directories in a manifest, the innermost first.
dirs_of() { sed -n 's/^dir //p' "$1" | sort -r; }

# Whether a file has this line.
has_line() {
  grep -q -x -F "$2" "$1"
  case $? in
    0) return 0 ;;
    1) return 1 ;;
    *) fail "cannot read '$1'" ;;
  esac
}

# Whether a file has one of the contents that the manifest lists for it.
is_ours() {
  if [ -L "$prefix/$1" ] || [ ! -f "$prefix/$1" ] || [ ! -f "$manifest" ]; then return 1; fi
  has_line "$manifest" "file $(sum_of "$prefix/$1") $1"
}

check_manifest() {
  [ ! -f "$manifest" ] || [ "$(head -n 1 "$manifest")" = 'awsbadge install 1' ] ||
    fail "'$manifest' is not a list of this script" 'move it away'
}

# Removes what a power failure or a SIGKILL left.
drop_old_work() {
  left=$prefix/.awsbadge-install
  if [ -f "$left/pid" ] && ! kill -0 "$(cat "$left/pid")" 2>/dev/null; then
    mv "$left" "$left.$$" 2>/dev/null && rm -rf "$left.$$"
  fi
}

# The directory in which everything is prepared: in the prefix, so that a full disk shows before anything is changed, and
# a rename is enough to put a file in its place. Only one script at a time has it.
take_work_dir() {
  drop_old_work
  work=$prefix/.awsbadge-install
  if ! mkdir -m 700 "$work" 2>/dev/null; then
    if [ -d "$work" ]; then
      work=
      fail "another installation into '$prefix' is running" "wait, or remove '$prefix/.awsbadge-install'"
    fi
    work=
    fail "cannot write to '$prefix'" 'choose another directory with --prefix'
  fi
  printf '%s\n' "$$" >"$work/pid" || disk_full
}

disk_full() { fail "cannot write to '$work'" 'free some space there, or choose another directory with --prefix'; }

# Downloads the archive into the work directory, verifies and unpacks it. Sets `new`, and lists the files in list.
fetch_release() {
  name=awsbadge-$version-$target
  url=${base_url%/}/v$version
  printf 'Downloading %s/%s.tar.gz\n' "$url" "$name"
  download "$url/SHA256SUMS" "$work/SHA256SUMS"
  wanted=
  while read -r sum file; do
    if [ "${file#\*}" = "$name.tar.gz" ]; then wanted=$sum; fi
  done <"$work/SHA256SUMS"
  case $wanted in
    '') fail "release $version has no archive for $target" 'build from source, or name another target with --target' ;;
    *[!0-9a-f]*) fail "$url/SHA256SUMS is not a list of SHA-256 checksums" ;;
  esac
  download "$url/$name.tar.gz" "$work/archive"
  found=$(sum_of "$work/archive") || fail "$summer cannot read '$work/archive'"
  [ "$found" = "$wanted" ] || fail "the checksum of $name.tar.gz is wrong: it is $found, SHA256SUMS says $wanted" \
    'try again; if it stays wrong, tell the maintainers'
  printf 'The SHA-256 checksum is right: %s\n' "$found"

  mkdir "$work/new" || disk_full
  # The files belong to the user who runs this, root too.
  message=$(tar -x -z -o -f "$work/archive" -C "$work/new" 2>&1) ||
    fail "cannot unpack $name.tar.gz: $(printf '%s' "$message" | tail -n 1)" "check the free space in '$work'"
  new=$work/new/$name
  [ -f "$new/bin/awsbadge" ] || fail "$name.tar.gz contains no $name/bin/awsbadge"
  [ -z "$(cd "$new" && find . ! -type f ! -type d)" ] || fail "$name.tar.gz contains other things than files"
  for program in "$new"/bin/*; do
    message=$("$program" --version 2>&1) ||
      fail "${program##*/} does not run here: $(printf '%s' "$message" | tail -n 1)" \
        'build from source, or name another target with --target'
  done

  for dir in bin share; do
    if [ -d "$new/$dir" ]; then (cd "$new" && find "$dir" -type f); fi
  done | sort >"$work/files" || disk_full
  while read -r path; do
    sum=$(sum_of "$new/$path") || exit 1
    printf 'file %s %s\n' "$sum" "$path" || exit 1
  done <"$work/files" >"$work/list" || disk_full
}

# Refuses to replace what this script did not install.
check_foreign() {
  foreign='' more=0
  while read -r path; do
    if [ -e "$prefix/$path" ] || [ -L "$prefix/$path" ]; then
      if is_ours "$path"; then continue; fi
      if [ -z "$foreign" ]; then foreign=$prefix/$path; else more=$((more + 1)); fi
    fi
  done <"$work/files"
  if [ -z "$foreign" ]; then return 0; fi
  if [ "$more" -gt 0 ]; then more=" (and $more more)"; else more=; fi
  fail "'$foreign' is in the way$more: this script did not install it, or it was changed since" \
    'move it away, or choose another directory with --prefix'
}

# write_manifest LIST…: the new manifest, whole or not at all.
write_manifest() {
  {
    printf 'awsbadge install 1\nversion %s\ntarget %s\n' "$version" "$target"
    {
      if [ -f "$work/old-manifest" ]; then sed -n '/^dir /p' "$work/old-manifest"; fi
      printf '%s' "$made" | sed 's/^/dir /'
    } | sort -u
    cat "$@" | sort -u
  } >"$work/manifest" && mv -f "$work/manifest" "$manifest"
}

# Puts each file in its place, by a rename, and keeps the old one until all are there.
place() {
  while read -r path; do
    if [ -f "$prefix/$path" ]; then
      mkdir -p "$work/old/${path%/*}" || return 1
      # Not a link: a rename onto another link of the same file fails.
      cp -p "$prefix/$path" "$work/old/$path" || return 1
    fi
    printf '%s\n' "$path" >>"$work/placed" || return 1
    mv -f "$new/$path" "$prefix/$path" || return 1
  done <"$work/files"
}

# Takes the files back that place() has put in their places.
take_back() {
  if [ -f "$work/placed" ]; then
    while read -r path; do
      if [ -f "$work/old/$path" ]; then mv -f "$work/old/$path" "$prefix/$path"; else rm -f "$prefix/$path"; fi || return 1
    done <"$work/placed"
  fi
  if [ -f "$work/old-manifest" ]; then mv -f "$work/old-manifest" "$manifest"; else rm -f "$manifest"; fi
}

# Removes what the last version had and this one has not.
remove_old() {
  if [ ! -f "$work/old-manifest" ]; then return 0; fi
  while read -r kind _ path; do
    if [ "$kind" = file ] && ! has_line "$work/files" "$path" && is_ours "$path"; then
      rm -f "$prefix/$path" || return 1
    fi
  done <"$work/old-manifest"
  remove_dirs "$(dirs_of "$work/old-manifest")"
}

# At the end, whatever it is: nothing half done is left.
clean_up() {
  status=$?
  trap - EXIT
  trap '' INT TERM HUP
  if [ "$placing" = yes ] && ! take_back; then
    printf 'error: the old files could not be put back; they are in %s\n' "'$work/old'" >&2
    exit 1
  fi
  if [ -n "$work" ]; then rm -rf "$work"; fi
  if [ "$finished" = no ]; then remove_dirs "$made"; fi
  exit "$status"
}

# --- what main does ---

install_release() {
  loader=$(first_of curl wget) || fail 'neither curl nor wget is installed' 'install one of them'
  for program in tar gzip; do
    has "$program" || fail "$program is not installed" "install it"
  done
  [ "$base_url" != "@BASE""_URL@" ] ||
    fail 'this copy of the script is from no release' 'name the address with --base-url or AWSBADGE_BASE_URL'
  [ "$version" != "@VERSION""@" ] || fail 'this copy of the script is from no release' 'name a version with --version'
  case $version in
    '' | *[!0-9A-Za-z.+-]*) fail "'$version' is not a version" '' 2 ;;
  esac
  if [ -z "$target" ]; then target=$(this_target) || exit 1; fi
  case $target in
    *[!0-9A-Za-z_-]*) fail "'$target' is not a target" '' 2 ;;
  esac

  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ "$dry_run" = yes ]; then
    work=$(mktemp -d) || fail 'cannot make a temporary directory'
  else
    make_dir "$prefix" || fail "cannot make the directory '$prefix'" 'choose another directory with --prefix'
    take_work_dir
  fi
  check_manifest
  fetch_release
  check_foreign
  was=
  if [ -f "$manifest" ]; then was=$(sed -n 's/^version //p' "$manifest"); fi
  if [ "$dry_run" = yes ]; then
    printf 'Would install into %s:\n' "$prefix"
    sed 's/^/  /' "$work/files"
    return 0
  fi

  if [ -f "$manifest" ]; then cp -p "$manifest" "$work/old-manifest" || disk_full; fi
  placing=yes
  make_dir "${manifest%/*}" || fail "cannot make the directory '${manifest%/*}'"
  # Until all is done the manifest lists the old contents and the new ones: after a power failure, this script still
  # knows its files. The directories are made now, so that it lists them.
  while read -r path; do
    make_dir "$prefix/${path%/*}" || fail "cannot make the directory '$prefix/${path%/*}'"
  done <"$work/files"
  { if [ -n "$was" ]; then grep '^file ' "$manifest"; fi; } >"$work/old-list" || disk_full
  write_manifest "$work/old-list" "$work/list" || disk_full
  place || fail "cannot write to '$prefix'; the files that were there are there again"
  placing=no finished=yes
  remove_old || fail "cannot remove a file of version $was in '$prefix'"
  write_manifest "$work/list" || disk_full
  report
}

report() {
  count=$(grep -c . "$work/files")
  if [ -n "$was" ] && [ "$was" != "$version" ]; then was=", in place of $was"; else was=; fi
  printf 'Installed awsbadge %s%s: %s files in %s\n' "$version" "$was" "$count" "$prefix"
  grep '^bin/' "$work/files" | sed 's/^/  /'
  printf '  %s (the list of them, which --uninstall reads)\n\nNext:\n' "${manifest#"$prefix"/}"
  bin=$prefix/bin
  step=awsbadge
  case :$PATH: in
    *:"$bin":*)
      first=$(command -v awsbadge)
      if [ "$first" != "$bin/awsbadge" ]; then
        printf '  another awsbadge comes first on your PATH: %s\n' "$first"
        step=\"$bin/awsbadge\"
      fi
      ;;
    *)
      case ${SHELL-} in
        */fish) printf '  fish_add_path "%s"    (it is not on your PATH)\n' "$bin" ;;
        *) printf "  export PATH=\"%s:\$PATH\"    (it is not on your PATH: add this line to your start-up file)\n" "$bin" ;;
      esac
      ;;
  esac
  printf '  %s setup            show the lines for your shell and prompt theme\n' "$step"
  printf '  %s setup --write    add them to your start-up file\n' "$step"
}

uninstall() {
  if [ "$dry_run" = no ]; then drop_old_work; fi
  [ -f "$manifest" ] || fail "this script has installed nothing in '$prefix'" 'name the directory with --prefix'
  check_manifest
  files=$(sed -n 's/^file [0-9a-f]* //p' "$manifest" | sort -u)
  dirs=$(dirs_of "$manifest")
  kept=0 removed=0
  while read -r path; do
    if [ ! -e "$prefix/$path" ] && [ ! -L "$prefix/$path" ]; then continue; fi
    if ! is_ours "$path"; then
      printf 'Kept %s: it was changed since\n' "$prefix/$path"
      kept=$((kept + 1))
    elif [ "$dry_run" = yes ]; then
      printf 'Would remove %s\n' "$prefix/$path"
    else
      rm -f "$prefix/$path" 2>/dev/null ||
        fail "cannot remove '$prefix/$path'" 'after that, run this script again with --uninstall'
      removed=$((removed + 1))
    fi
  done <<FILES
$files
FILES
  if [ "$dry_run" = yes ]; then return 0; fi
  rm -f "$manifest" || fail "cannot remove '$manifest'"
  remove_dirs "$dirs"
  printf 'Removed awsbadge from %s: %s files\n' "$prefix" "$removed"
  for file in "${ZDOTDIR:-${HOME-}}/.zshrc" "${HOME-}/.bashrc" "${HOME-}/.bash_profile" "${HOME-}/.profile" \
    "${XDG_CONFIG_HOME:-${HOME-}/.config}/fish/config.fish"; do
    if grep -q awsbadge "$file" 2>/dev/null; then
      printf 'Next: remove the lines with awsbadge from %s\n' "$file"
    fi
  done
}

main() {
  set -u
  # When the script comes from a pipe, no other program may read from it.
  exec </dev/null
  LC_ALL=C
  export LC_ALL
  unset CDPATH TAR_OPTIONS GZIP

  action=install prefix='' version=$default_version target='' base_url=${AWSBADGE_BASE_URL-$default_url}
  dry_run=no work='' made='' placing=no finished=no
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix=* | --version=* | --target=* | --base-url=*)
        option=${1%%=*} value=${1#*=}
        shift
        ;;
      --prefix | --version | --target | --base-url)
        option=$1
        [ $# -gt 1 ] || fail "$1 needs a value" 'see --help' 2
        value=$2
        shift 2
        ;;
      *)
        option=$1 value=
        shift
        ;;
    esac
    case $option in
      --prefix) prefix=$value ;;
      --version) version=${value#v} ;;
      --target) target=$value ;;
      --base-url) base_url=$value ;;
      --uninstall) action=uninstall ;;
      --dry-run) dry_run=yes ;;
      -h | --help)
        usage
        exit 0
        ;;
      *) fail "there is no option '$option'" 'see --help' 2 ;;
    esac
  done

  if [ -z "$prefix" ]; then
    [ -n "${HOME-}" ] || fail 'HOME is not set' 'name a directory with --prefix'
    prefix=$HOME/.local
  fi
  case $prefix in
    *'
'*) fail 'a prefix cannot contain a line break' '' 2 ;;
    /*) ;;
    *) prefix=$(pwd)/$prefix ;;
  esac
  while [ "$prefix" != "${prefix%/}" ]; do prefix=${prefix%/}; done
  manifest=$prefix/share/awsbadge/manifest
  summer=$(first_of sha256sum shasum openssl) ||
    fail 'no program is installed that verifies SHA-256 checksums' 'install sha256sum, shasum or openssl'
  case $action in
    install) install_release ;;
    uninstall) uninstall ;;
  esac
}

{ main "$@"; }
