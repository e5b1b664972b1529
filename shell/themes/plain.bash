# shellcheck shell=bash
# The badge in your own prompt, in bash 4 or newer. In ~/.bashrc. (In bash 3.2, which macOS has, use
# `awsbadge init bash --prompt left`.)
#
# The single quotes matter: PS1 must refer to the variable. bash would run a $(…) in a value that is part of PS1.
# Tried with bash 4.0.38 and 5.2.15.

eval "$(awsbadge init bash)"
declare -A awsbadge_sgr=([ok]=32 [warn]='30;43' [expired]=31 [prod]='97;41' [unknown]=35)
PS1='${AWSBADGE:+\[\e[${awsbadge_sgr[$AWSBADGE_CLASS]}m\]$AWSBADGE\[\e[0m\] }\w \$ '
