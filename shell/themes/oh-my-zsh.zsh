# The badge beside any theme of oh-my-zsh. In ~/.zshrc, after `source $ZSH/oh-my-zsh.sh`.
#
# --prompt right puts the badge before what the theme has at the right edge, at each prompt again, so that no
# theme and no order of lines takes it away. --omz defines aws_prompt_info, aws_profiles and aws_regions as the
# aws plugin does; take `aws` out of plugins=(…), or both of them draw.
# For a theme that draws `$(aws_prompt_info)` itself, leave `--prompt right` out.
# Not tried with oh-my-zsh itself; tried with zsh 5.9 and a theme's way of setting PROMPT and RPROMPT.

eval "$(awsbadge init zsh --prompt right --omz)"
