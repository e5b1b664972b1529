# shellcheck shell=bash
# A fresh Debian to install a package in: to be sourced after check.bash.
: "${cache:?}" "${work:?}" "${log:?}"

as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }

# make_chroot: unpacks it in $root. The system is this machine's, from its own package sources, with the three shells
# and a user called tester; it is made once, and kept packed.
make_chroot() {
  local packed=$cache/chroot.tar programs=zsh,fish,bash-completion,man-db
  need mmdebstrap:mmdebstrap tmux:tmux
  root=$work/chroot
  if [[ ! -f $packed ]]; then
    echo 'making: a chroot' >&2
    apt-get indextargets --format "deb \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' 'Origin: Debian' |
      sort -u >"$work/sources.list"
    [[ -s $work/sources.list ]] || fail 'apt names no package source of Debian'
    # With its manual pages, which a machine may leave out.
    quietly as_root mmdebstrap --quiet --variant=minbase --include="$programs" \
      --customize-hook="chroot \"\$1\" useradd --create-home --shell /bin/bash tester" '' "$work/chroot.tar" "$work/sources.list" ||
      fail 'no chroot can be made'
    mv "$work/chroot.tar" "$packed"
  fi
  mkdir "$root"
  trap 'close_terminal; as_root rm -rf "$log" "$work"' EXIT
  as_root tar -xf "$packed" -C "$root"
  # Mounts of its own, which end with the command.
  # shellcheck disable=SC2016 # For the shell inside.
  enter=(unshare --mount sh -c 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$@"' "$root")
  if ((EUID != 0)); then enter=(sudo -n "${enter[@]}"); fi
  inside=("${enter[@]}" "$root")
  enter+=(--userspec=tester:tester "$root" env -i HOME=/home/tester USER=tester TERM=screen LANG=C.UTF-8
    PATH=/usr/local/bin:/usr/bin:/bin)
}

# in_chroot COMMAND…: as root. as_tester COMMAND…: as the user.
in_chroot() { "${inside[@]}" env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
as_tester() { "${enter[@]}" "$@"; }

# list_files: every file in the chroot but dpkg's own, logs, caches, homes and temporary ones.
list_files() {
  as_root find "$root" -xdev \( -path "$root/var/lib/dpkg" -o -path "$root/var/log" -o -path "$root/var/cache" -o -path "$root/home" -o -path "$root/tmp" \) \
    -prune -o \( -type d -printf '%P %M %U\n' -o -printf '%P %M %U %s\n' \) | sort
}
