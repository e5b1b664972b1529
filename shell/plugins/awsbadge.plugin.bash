# shellcheck shell=bash
# awsbadge for bash-it and oh-my-bash (docs/plugins.md): evaluates `awsbadge init bash` with the options in
# AWSBADGE_INIT_OPTIONS, a string or an array that is set before. Without it, --prompt left.

if declare -F about-plugin >/dev/null; then
  about-plugin 'the active AWS profile in the prompt, and asp to switch it'
fi

if [[ $- == *i* ]]; then
  _awsbadge_plugin() {
    local awsbadge IFS=$' \t\n'
    for awsbadge in "$(type -P awsbadge)" ~/.cargo/bin/awsbadge ~/.local/bin/awsbadge; do
      if [[ -f $awsbadge && -x $awsbadge ]]; then
        # shellcheck disable=SC2048,SC2086 # Split into words.
        eval "$(command "$awsbadge" init bash ${AWSBADGE_INIT_OPTIONS[*]---prompt left})" || :
        return 0
      fi
    done
    echo 'awsbadge: the program is missing; install it (README.md of awsbadge), then run "exec bash"' >&2
  }
  _awsbadge_plugin
  unset -f _awsbadge_plugin
fi
