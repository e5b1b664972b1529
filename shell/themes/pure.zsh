# The badge at the end of pure's first line (pure 1.28 or newer). In ~/.zshrc, after `prompt pure`.
#
# Pure calls prompt_pure_precustom at each prompt and shows psvar[23] last. It has no background colours, so both
# production and an expired login are red; the `!` in the text marks production.
# Tried with pure 1.28.3 on zsh 5.9 and 5.5.1.

eval "$(awsbadge init zsh)"
prompt_pure_precustom() {
  psvar[23]=${AWSBADGE-}
  case ${AWSBADGE_CLASS-} in
    ok) prompt_pure_colors[custom:suffix]=green ;;
    warn) prompt_pure_colors[custom:suffix]=yellow ;;
    expired | prod) prompt_pure_colors[custom:suffix]=red ;;
    unknown) prompt_pure_colors[custom:suffix]=magenta ;;
  esac
}
