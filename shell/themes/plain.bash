# shellcheck shell=bash
# The badge in a prompt of your own, in bash 4 or newer. In ~/.bashrc. (In bash 3.2, the one of macOS, let
# `awsbadge init bash --prompt left` draw it.)
#
# Single quotes: PS1 refers to the variable. With its value pasted in, bash would run what it holds.
# Tried with bash 4.0.38 and 5.2.15.

eval "$(awsbadge init bash)"
declare -A awsbadge_sgr=([ok]=32 [warn]='30;43' [expired]=31 [prod]='97;41' [unknown]=35)
PS1='${AWSBADGE:+\[\e[${awsbadge_sgr[$AWSBADGE_CLASS]}m\]$AWSBADGE\[\e[0m\] }\w \$ '
