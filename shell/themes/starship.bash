# shellcheck shell=bash
# Needed in bash in addition to starship.toml. In ~/.bashrc, after `eval "$(starship init bash)"`.
#
# Starship 1.27 escapes a value for one reading of PS1, but bash reads it twice: it would run the $(…) in a name such as
# `x\$(…)`. Doubled backslashes are shown correctly, and nothing runs. Starship calls the function before each prompt,
# after awsbadge's own hook.
# Tried with starship 1.27.0 on bash 5.2. (As root, bash shows `#` instead of `$` in a name.)

eval "$(awsbadge init bash --export)"
awsbadge_starship() {
  local class
  for class in OK WARN EXPIRED PROD UNKNOWN; do
    class=AWSBADGE_$class
    if [[ -n ${!class-} ]]; then printf -v "$class" %s "${AWSBADGE//\\/\\\\}"; fi
  done
}
# shellcheck disable=SC2034 # Starship calls it.
starship_precmd_user_func=awsbadge_starship
