# The badge in a prompt of your own, in zsh. In ~/.zshrc.
#
# --psvar 97 keeps the text in psvar[97] to psvar[101], one slot a class, at most one of them in use:
# %(97V.…) shows its part only where there is one. Nothing in the text is ever expanded, whether or not
# prompt_subst is set. Take another number where 97 is in use.
# Tried with zsh 5.1.1, 5.5.1 and 5.9.

eval "$(awsbadge init zsh --psvar 97)"
awsbadge='%(97V.%F{green}%97v%f .)%(98V.%F{black}%K{yellow}%98v%k%f .)%(99V.%F{red}%99v%f .)'
awsbadge+='%(100V.%F{15}%K{red}%100v%k%f .)%(101V.%F{magenta}%101v%f .)'
PROMPT="$awsbadge%~ %# "
