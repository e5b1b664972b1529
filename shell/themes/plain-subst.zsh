# The badge in your own prompt, in zsh with prompt_subst. In ~/.zshrc.
#
# The single quotes matter: the prompt must refer to the variable. zsh would run a $(…) in a value that is part of the
# prompt. A `%` has a meaning in a prompt, so it is doubled.
# Tried with zsh 5.1.1, 5.5.1 and 5.9.

eval "$(awsbadge init zsh)"
setopt prompt_subst
typeset -A awsbadge_on=(ok '%F{green}' warn '%F{black}%K{yellow}' expired '%F{red}' prod '%F{15}%K{red}' unknown '%F{magenta}')
PROMPT='${AWSBADGE:+$awsbadge_on[$AWSBADGE_CLASS]${AWSBADGE//\%/%%}%k%f }%~ %# '
