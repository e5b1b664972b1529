# The badge as a section of spaceship (4.0 or newer). In ~/.zshrc, after the line that loads spaceship.
#
# Spaceship prints the text with `echo`, splits it at `·|·`, takes what begins with a dash for an option, and zsh
# expands `%` in it: hence the doubling, and %{%}, which stands for nothing. Not async: a worker does not see
# the variable change.
# Tried with spaceship 4.22.5 on zsh 5.9.

eval "$(awsbadge init zsh)"
spaceship_awsbadge() {
  [[ -n ${AWSBADGE-} ]] || return
  local text=${${AWSBADGE//\\/\\\\}//\%/%%} colour nothing='%{%}'
  text=$nothing${text//\|/$nothing|}
  case $AWSBADGE_CLASS in
    ok) colour=green ;;
    warn) colour=black text="%K{yellow}$text%k" ;;
    expired) colour=red ;;
    prod) colour=15 text="%K{red}$text%k" ;;
    unknown) colour=magenta ;;
  esac
  spaceship::section::v4 --color $colour --suffix ' ' "$text"
}
SPACESHIP_AWS_SHOW=false
SPACESHIP_AWSBADGE_ASYNC=false
(( $SPACESHIP_PROMPT_ORDER[(Ie)awsbadge] )) || spaceship add awsbadge --after dir
