# awsbadge for fish's plugin managers (docs/plugins.md): sources `awsbadge init fish` with the options in
# AWSBADGE_INIT_OPTIONS, best set with `set -U`: fish reads this file before config.fish. Without it, --prompt right.

if status is-interactive
    function _awsbadge_plugin
        set -l options --prompt right
        set -q AWSBADGE_INIT_OPTIONS; and set options (string split -n ' ' -- $AWSBADGE_INIT_OPTIONS)
        for awsbadge in (command -s awsbadge) ~/.cargo/bin/awsbadge ~/.local/bin/awsbadge
            if test -f $awsbadge -a -x $awsbadge
                command $awsbadge init fish $options | source
                functions -e _awsbadge_plugin
                return
            end
        end
        return 1
    end
    # config.fish may add to the PATH, so the first prompt tries again.
    if not _awsbadge_plugin
        function _awsbadge_plugin_again --on-event fish_prompt
            functions -e _awsbadge_plugin_again
            if _awsbadge_plugin
                _awsbadge_precmd
            else
                functions -e _awsbadge_plugin
                echo 'awsbadge: the program is missing; install it (README.md of awsbadge), then run "exec fish"' >&2
            end
        end
    end
end
