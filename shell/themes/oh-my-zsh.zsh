# The badge with any oh-my-zsh theme. In ~/.zshrc, after `source $ZSH/oh-my-zsh.sh`.
#
# --prompt right adds the badge before the theme's right prompt, again at each prompt, so the theme and the order of
# lines do not matter. --omz defines aws_prompt_info, aws_profiles and aws_regions like the aws plugin. Remove `aws`
# from plugins=(…), or both draw the profile.
# If the theme draws `$(aws_prompt_info)` itself, omit `--prompt right`.
# SHOW_AWS_PROMPT=false: otherwise agnoster draws the profile's bare name too.
# Tried with oh-my-zsh of 2026-08-22 (830a5bc) and its themes robbyrussell and agnoster, on zsh 5.9 and 5.5.1.

SHOW_AWS_PROMPT=false
eval "$(awsbadge init zsh --prompt right --omz)"
