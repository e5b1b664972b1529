# The badge as a segment of powerlevel10k. In ~/.p10k.zsh, before its last line; add `awsbadge` to
# POWERLEVEL9K_LEFT_PROMPT_ELEMENTS or POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS there (instead of `aws`).
# In ~/.zshrc, after the line that sources ~/.p10k.zsh:
#
#   eval "$(awsbadge init zsh)"
#
# The badge is always shown. To show it only while you type certain commands, set POWERLEVEL9K_AWSBADGE_SHOW_ON_COMMAND,
# for example to 'aws|terraform'. There is no instant_prompt_awsbadge, because it would show an old text.
# Tried with powerlevel10k 1.20.15 (7ff8361, its lean style) on zsh 5.9 and 5.5.1.

function prompt_awsbadge() {
  [[ -n ${AWSBADGE-} ]] || return
  # A `%` has a meaning in a prompt, so it is doubled. Never use -e, which expands the text.
  p10k segment -s "$AWSBADGE_CLASS" -t "${AWSBADGE//\%/%%}"
}
typeset -g POWERLEVEL9K_AWSBADGE_OK_FOREGROUND=2
typeset -g POWERLEVEL9K_AWSBADGE_WARN_{FOREGROUND=0,BACKGROUND=3}
typeset -g POWERLEVEL9K_AWSBADGE_EXPIRED_FOREGROUND=1
typeset -g POWERLEVEL9K_AWSBADGE_PROD_{FOREGROUND=15,BACKGROUND=1}
typeset -g POWERLEVEL9K_AWSBADGE_UNKNOWN_FOREGROUND=5
# A background needs a margin, which some styles do not have.
typeset -g POWERLEVEL9K_AWSBADGE_{WARN,PROD}_{LEFT,RIGHT}_{LEFT,RIGHT}_WHITESPACE=' '
