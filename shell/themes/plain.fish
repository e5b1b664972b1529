# The badge at the right edge, in fish. In ~/.config/fish/config.fish; the function can also be in
# ~/.config/fish/functions/fish_right_prompt.fish.
#
# printf, not echo: the text may begin with a dash.
# Tried with fish 3.2.2, 3.6.0 and 4.3.3.

awsbadge init fish | source
function fish_right_prompt
    switch "$AWSBADGE_CLASS"
        case ok
            set_color green
        case warn
            set_color black --background yellow
        case expired
            set_color red
        case prod
            set_color brwhite --background red
        case unknown
            set_color magenta
    end
    printf %s "$AWSBADGE"
    set_color normal
end
