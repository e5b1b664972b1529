# The badge in your own prompt, in zsh. In ~/.zshrc.
#
# --psvar 97 puts the text into psvar[97] to psvar[101], one per class, at most one of them non-empty: %(97V.…) shows
# its part only if psvar[97] is non-empty. Nothing in the text is ever expanded, with or without prompt_subst. Use
# another number if 97 is taken.
# Tried with zsh 5.1.1, 5.5.1 and 5.9.

eval "$(awsbadge init zsh --psvar 97)"
awsbadge='%(97V.%F{green}%97v%f .)%(98V.%F{black}%K{yellow}%98v%k%f .)%(99V.%F{red}%99v%f .)'
awsbadge+='%(100V.%F{15}%K{red}%100v%k%f .)%(101V.%F{magenta}%101v%f .)'
PROMPT="$awsbadge%~ %# "
