# shellcheck shell=bash
# Drives an installed awsbadge in real shells, in a terminal of tmux: to be sourced after check.bash. The command that
# goes before each, such as one that enters a chroot, is in the array `enter`; its last argument is a command's first.
: "${log:?}" "${work:?}"
enter=()
terminals=0
terminal() { tmux -L "awsbadge-$$-$terminals" -f /dev/null "$@"; }

# open_terminal COMMAND…: closes the one before. Each is of a server of its own, because a server ends some time after
# its last terminal.
open_terminal() {
  close_terminal
  terminals=$((terminals + 1))
  terminal new-session -d -x 100 -y 30 -- "$@"
}
close_terminal() { terminal kill-server 2>/dev/null || true; }

# shows PATTERN: waits until the screen has a line like this, for half a minute at most. tmux leaves out the blanks at
# the end of a line.
shows() {
  local end=$((SECONDS + 30))
  until terminal capture-pane -p 2>/dev/null | grep -qE "$1"; do
    if ((SECONDS > end)); then
      echo "not on the screen: $1"
      terminal capture-pane -p || true
      return 1
    fi
    sleep 0.05
  done
}

type_text() { terminal send-keys -l -- "$1"; }
# press KEY…: as tmux names them.
press() { terminal send-keys -- "$@"; }
# enter_line TEXT: types it and presses Enter.
enter_line() { type_text "$1" && press Enter; }

# make_user HOME: what the user of the tests has: a login that is valid, and a profile with a name of its own.
make_user() {
  # shellcheck source=tests/bench.d/homes.bash
  source tests/bench.d/homes.bash
  make_home 3 user
  printf '[profile sandbox]\nsso_session = my-sso\nsso_account_id = 000000000004\nsso_role_name = Reader\nregion = eu-west-1\n' \
    >>"$work/user/.aws/config"
  mkdir -p "$1"
  cp -R "$work/user/.aws" "$1"
}

# start_shell SHELL: without start-up files of the user, with the prompt `READY> `.
start_shell() {
  local command=()
  case $1 in
    zsh) command=(zsh -f -i) ;;
    bash) command=(bash --noprofile --norc -i) ;;
    # Without its configuration fish ignores the completions of packages.
    fish) command=(fish -i) ;;
  esac
  open_terminal "${enter[@]}" "${command[@]}" || return 1
  # Written in two parts, so that the line itself is not what is waited for.
  case $1 in
    zsh | bash) enter_line "PS1='REA''DY> '" ;;
    fish) enter_line "function fish_prompt; printf 'REA%s' 'DY> '; end" ;;
  esac
  shows '^READY> *$'
}

# What a shell needs before Tab works at all.
load_completion() {
  case $1 in
    zsh) enter_line "autoload -Uz compinit && compinit -D && echo LOA''DED" ;;
    bash) enter_line "source /usr/share/bash-completion/bash_completion && echo LOA''DED" ;;
    fish) enter_line "echo LOA''DED" ;;
  esac
  shows '^LOADED'
}

# the_badge_in SHELL: with the hook, `asp` switches, Tab completes a name, and the prompt shows it.
the_badge_in() {
  start_shell "$1" && load_completion "$1" || return 1
  case $1 in
    fish) enter_line "awsbadge init fish --prompt left | source" ;;
    *) enter_line "eval \"\$(awsbadge init $1 --prompt left)\"" ;;
  esac
  enter_line 'asp p2' && shows '^aws:p2 5.m READY> *$' || return 1
  type_text 'asp sand' && press Tab && shows 'READY> asp sandbox *$' || return 1
  press Enter && shows '^aws:sandbox 5.m READY> *$' || return 1
  enter_line 'asp' && shows '^READY> *$'
}

# tab_alone_in SHELL: the installed completion file is found without the hook.
tab_alone_in() {
  start_shell "$1" && load_completion "$1" || return 1
  type_text 'awsbadge sess' && press Tab && shows 'READY> awsbadge sessions *$'
}

# check_shells: all of this, in the three shells.
check_shells() {
  local shell
  for shell in zsh bash fish; do
    check "badge, asp and Tab in $shell" the_badge_in "$shell"
    check "completion without the hook in $shell" tab_alone_in "$shell"
  done
  close_terminal
}
