# The badge as a section of spaceship (4.0 or newer). In ~/.zshrc, after the line that loads spaceship.
#
# Spaceship passes a section's text through `echo` four times and splits it at `·|·`. So the section's text is `%97v`,
# which zsh replaces with psvar[97] when it draws the prompt: --psvar 97 puts the badge there, one psvar per class.
# It is not asynchronous, because a worker does not see the variable change.
# Tried with spaceship 4.22.5 on zsh 5.9 and 5.5.1.

eval "$(awsbadge init zsh --psvar 97)"
spaceship_awsbadge() {
  case ${AWSBADGE_CLASS-} in
    ok) spaceship::section::v4 --color green --suffix ' ' '%97v' ;;
    warn) spaceship::section::v4 --color black --suffix ' ' '%K{yellow}%98v%k' ;;
    expired) spaceship::section::v4 --color red --suffix ' ' '%99v' ;;
    prod) spaceship::section::v4 --color 15 --suffix ' ' '%K{red}%100v%k' ;;
    unknown) spaceship::section::v4 --color magenta --suffix ' ' '%101v' ;;
  esac
}
SPACESHIP_AWS_SHOW=false
SPACESHIP_AWSBADGE_ASYNC=false
(( $SPACESHIP_PROMPT_ORDER[(Ie)awsbadge] )) || spaceship add awsbadge --after dir
