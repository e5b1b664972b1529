# The badge beside any theme of oh-my-zsh. In ~/.zshrc, after `source $ZSH/oh-my-zsh.sh`.
#
# --prompt right puts the badge before what the theme has at the right edge, at each prompt again, so that no
# theme and no order of lines takes it away. --omz defines aws_prompt_info, aws_profiles and aws_regions as the
# aws plugin does; take `aws` out of plugins=(…), or both of them draw.
# For a theme that draws `$(aws_prompt_info)` itself, leave `--prompt right` out.
# SHOW_AWS_PROMPT=false: agnoster draws the bare name of the profile itself.
# Tried with oh-my-zsh of 2026-08-22 (830a5bc) and its themes robbyrussell and agnoster, on zsh 5.9 and 5.5.1.

SHOW_AWS_PROMPT=false
eval "$(awsbadge init zsh --prompt right --omz)"
