# The badge in a prompt of your own, in zsh with prompt_subst. In ~/.zshrc.
#
# Single quotes: the prompt refers to the variable. With its value pasted in, zsh would run what it holds.
# `%` means something in a prompt, so it is doubled.
# Tried with zsh 5.1.1, 5.5.1 and 5.9.

eval "$(awsbadge init zsh)"
setopt prompt_subst
typeset -A awsbadge_on=(ok '%F{green}' warn '%F{black}%K{yellow}' expired '%F{red}' prod '%F{15}%K{red}' unknown '%F{magenta}')
PROMPT='${AWSBADGE:+$awsbadge_on[$AWSBADGE_CLASS]${AWSBADGE//\%/%%}%k%f }%~ %# '
