# awsbadge for fish 3.2 and newer: updates AWSBADGE and AWSBADGE_CLASS before each prompt, and switches profiles.
#
# Between two refreshes the hook starts no process: it compares the environment, the clock, and the files that the last
# answer listed. Each file has a stamp, an empty file with the same time, to compare it with (ARCHITECTURE.md, "The
# exchange between hook and binary"). fish has no builtin clock, so the age of the root directory is the clock. Before
# 3.6 fish cannot read it, and asks the binary at every prompt. In fish, `set`, `test`, `string`, `command` and a few
# more cannot be shadowed by functions; other builtins are called with `builtin`.

if status is-interactive # Not indented: the rest of the file is this branch.

function _awsbadge_init
    set -q _awsbadge_bin[1]; or set -g _awsbadge_bin awsbadge
    set -q _awsbadge_cmd[1]; or set -g _awsbadge_cmd asp
    for name in prompt export prev region warn
        set -q _awsbadge_$name; or set -g _awsbadge_$name ''
    end
    # The variables that the badge always depends on: those compared by value, and secrets, for which only "has a value"
    # is compared. `init` prints both lists from the binary's table of variables. If this file is sourced directly, it
    # reads the lists from the output of `init`.
    if not set -q _awsbadge_values[1]
        set -g _awsbadge_values
        set -g _awsbadge_secrets
        eval (command $_awsbadge_bin init fish 2>/dev/null | string match -r '^builtin set -g _awsbadge_(?:values|secrets) .*')\;
    end
    set -g _awsbadge_env
    set -g _awsbadge_key
    # For switches by directory: the profile that this shell began with, and the place of the last switch (four lines).
    if not set -q _awsbadge_inherited
        set -l profile $AWS_PROFILE
        set -q AWS_PROFILE; or set profile $AWS_DEFAULT_PROFILE
        set -g _awsbadge_inherited "$profile"
    end
    set -q _awsbadge_dir; or set -g _awsbadge_dir \n\n\n
    # Identifies the stamps of this shell.
    set -g _awsbadge_id $fish_pid.(random)
    # The age of `/` at the last refresh, and when the next one is due. With 0 and 0 the next prompt asks the binary.
    set -g _awsbadge_at 0
    set -g _awsbadge_until 0
    # Arguments for `test`: one must fail, the other must succeed.
    set -g _awsbadge_changed
    set -g _awsbadge_there
    # Whether fish can compare the times of two files (3.6 and newer). If so, it has `path` too. The `eval` is needed
    # because fish rejects a whole file that uses an unknown builtin.
    set -g _awsbadge_newer ''
    if test / -nt /dev/null/none 2>/dev/null
        set -g _awsbadge_newer 1
        eval 'function _awsbadge_age; builtin path mtime -R -- /; end'
    end
    set -g _awsbadge_text ''
    set -g _awsbadge_class ''
    set -g _awsbadge_state ''
    set -g _awsbadge_pane none
    set -g _awsbadge_told 1
    set -g _awsbadge_stamp ''
    # Whether the badge was drawn since the last prompt began.
    set -g _awsbadge_drawn ''
    set -g _awsbadge_setters
    for name in __direnv_export_eval __mise_env_eval
        functions -q $name; or set -a _awsbadge_setters $name
    end

    # Variables exported by a parent shell describe the parent.
    for prefix in '' POSH_
        for name in '' _CLASS _OK _WARN _EXPIRED _PROD _UNKNOWN
            set -eg {$prefix}AWSBADGE$name
        end
    end

    set -l short $_awsbadge_cmd
    set -l long $_awsbadge_cmd
    if test $_awsbadge_cmd = asp
        set short as
        set long a
    end
    function $_awsbadge_cmd --description 'Switch the AWS profile'
        _awsbadge_asp $argv
    end
    function {$short}r --description 'Set the AWS region'
        _awsbadge_asr $argv
    end
    function {$long}gp --description 'Show the AWS profile'
        _awsbadge_help agp $argv; and return
        builtin echo -- "$AWS_PROFILE"
    end
    function {$long}gr --description 'Show the AWS region'
        _awsbadge_agr $argv
    end
    function {$long}cp --description 'Take the credentials of an AWS profile'
        _awsbadge_acp $argv
    end

    set -g _awsbadge_named $_awsbadge_cmd {$short}r {$long}cp
    _awsbadge_register
end

# Called again at a refresh if the completions were erased.
function _awsbadge_register
    for name in $_awsbadge_named awsbadge
        # Load an existing completion file for the same name now. If fish loaded it later, it would add to these
        # completions.
        for folder in $fish_complete_path
            if test -e $folder/$name.fish
                builtin complete -C "$name " >/dev/null
            end
        end
        builtin complete -c $name -e
        builtin complete -c $name -f
    end
    set -l word 'test (count (commandline -opc)) -eq'
    builtin complete -c $_awsbadge_cmd -n 'test (count (_awsbadge_typed)) -eq 0' -a '(_awsbadge_profiles)'
    builtin complete -c $_awsbadge_cmd -n 'test (count (_awsbadge_typed)) -eq 1' -a 'login\t"log in, then switch" logout\t"switch, then log out"'
    builtin complete -c $_awsbadge_cmd -l region -x -a '(_awsbadge_names regions)' -d 'Set the region too'
    builtin complete -c $_awsbadge_cmd -l config -x -a '(_awsbadge_names configs)' -d 'Use other AWS files'
    builtin complete -c $_awsbadge_cmd -n 'string match -q login -- (_awsbadge_typed)[2]' -a '(_awsbadge_names sessions)'
    builtin complete -c $_awsbadge_cmd -l pick -d 'Pick from a list'
    builtin complete -c $_awsbadge_cmd -l keep-keys -d 'Leave keys in the environment'
    builtin complete -c $_awsbadge_cmd -l yes -d 'Switch to production without a question'
    builtin complete -c $_awsbadge_cmd -l help -d 'Show what it takes'
    builtin complete -c $_awsbadge_named[2] -n "$word 1" -a '(_awsbadge_names regions)'
    builtin complete -c $_awsbadge_named[3] -n "$word 1" -a '(_awsbadge_names profiles)'
    builtin complete -c awsbadge -a '(_awsbadge_words)'
    # Added to the AWS CLI's own completion, which may be loaded before or after this file.
    builtin complete -c aws -l profile -x -a '(_awsbadge_names profiles)' -d 'The profile'
    for name in AWS_PROFILE AWS_DEFAULT_PROFILE
        for command in export env
            builtin complete -c $command -n "string match -q -- '$name=*' (commandline -ct)" -f -a "$name=(_awsbadge_names profiles)"
        end
        builtin complete -c set -n "string match -q -- $name (commandline -opc)[-1]" -f -a '(_awsbadge_names profiles)'
    end
    for name in AWS_REGION AWS_DEFAULT_REGION
        builtin complete -c set -n "string match -q -- $name (commandline -opc)[-1]" -f -a '(_awsbadge_names regions)'
    end
end

# Adds the hook once. With --prompt the prompt function compares, because it runs after all handlers and sees what they
# changed. If a theme replaces the prompt function, the new one is wrapped. fish itself preserves $status and
# $pipestatus.
function _awsbadge_hook
    functions -q _awsbadge_precmd; and return
    function _awsbadge_precmd --on-event fish_prompt
        if set -q _awsbadge_setters[1]
            _awsbadge_settle
        end
        if test -n "$_awsbadge_prompt"
            if test -z "$_awsbadge_drawn"
                _awsbadge_wrap
                _awsbadge_ask
            end
            set -g _awsbadge_drawn ''
        else
            _awsbadge_ask
        end
    end
end

# Compares, asks the binary if something differs, and restores AWSBADGE if something else has changed it. With an argument
# that is not empty it does not switch by directory.
function _awsbadge_ask
    _awsbadge_same; or _awsbadge_refresh $argv
    test "$AWSBADGE" = "$_awsbadge_text"; or _awsbadge_put "$_awsbadge_text" "$_awsbadge_class"
end

# Before the first refresh there is nothing to compare with.
function _awsbadge_same
    return 1
end

# Generates the comparison again. `set -q` returns the number of unset variables, so one call checks all. For a secret
# it only checks whether it has a value, with tracing off.
function _awsbadge_compare
    set -l gone
    set -l exported
    set -l hidden
    set -l values
    set -l secrets
    for name in $_awsbadge_values $_awsbadge_env $_awsbadge_secrets
        if not set -q $name
            set -a gone $name
            continue
        else if set -qx $name
            set -a exported $name
        else
            set -a hidden $name
        end
        if builtin contains -- $name $_awsbadge_secrets
            set -l is -z
            _awsbadge_has $name; and set is -n
            set -a secrets -a $is \"\$$name\"
        else
            set -g _awsbadge_v_$name "$$name"
            set -a values -a \"a\$$name\" = \"a\$_awsbadge_v_$name\"
        end
    end
    set -l lines
    set -q gone[1]; and set -a lines "set -q $gone; test \$status -eq "(builtin count $gone)'; or return 1'
    set -q exported[1]; and set -a lines "set -qx $exported; or return 1"
    set -q hidden[1]; and set -a lines "set -qx $hidden; test \$status -eq "(builtin count $hidden)'; or return 1'
    set -q values[1]; and set -a lines "test $values[2..-1]; or return 1"
    if set -q secrets[1]
        set -a lines 'set -l fish_trace' "test $secrets[2..-1]; or return 1"
    end
    # Without a clock, fish always asks the binary.
    set -l time 'return 1'
    if test -n "$_awsbadge_newer"
        set time '_awsbadge_age | read -l age' 'test -n "$age"; and test "$age" -ge $_awsbadge_at -a "$age" -lt $_awsbadge_until; or return 1'
    end
    set -q _awsbadge_changed[1]; and set -a time 'test $_awsbadge_changed; and return 1'
    set -q _awsbadge_there[1]; and set -a time 'test $_awsbadge_there; or return 1'
    eval (string join \n -- 'function _awsbadge_same' $lines $time 'return 0' end | string collect)
end

# Whether the variable $argv[1] has a value.
function _awsbadge_has
    set -l fish_trace
    test -n "$$argv[1]"
end

# fish calls handlers in the order of their definition. Handlers that change the environment and were defined after this
# file are called here at the first prompt; then this hook is defined again, so that it comes after them.
function _awsbadge_settle
    for name in $_awsbadge_setters
        if functions -q $name
            $name
            functions _awsbadge_precmd | source
        end
    end
    set -g _awsbadge_setters
end

# Asks the binary.
function _awsbadge_refresh
    set -l was "$_awsbadge_key"
    set -g _awsbadge_key
    for name in $_awsbadge_values
        set -q $name; and set -a _awsbadge_key "$name=$$name"
    end

    # Prepare for failure (no binary, no answer, an interrupt): the next attempt is in 30 seconds.
    set -l age
    test -n "$_awsbadge_newer"; and _awsbadge_age | read age
    set -g _awsbadge_at "$age"
    set -g _awsbadge_until (math 0$age + 30)
    set -g _awsbadge_env
    set -g _awsbadge_changed
    set -g _awsbadge_there
    _awsbadge_compare
    if test "$_awsbadge_key" != "$was"
        _awsbadge_fail
    end

    set -l unexported
    if test -n "$AWS_PROFILE"; and not set -qx AWS_PROFILE
        set unexported --unexported "$AWS_PROFILE"
    end
    set -l directory
    if test -z "$argv"
        set directory --directory "$_awsbadge_cmd"\n"$_awsbadge_region"\n"$_awsbadge_dir"\n"$_awsbadge_inherited"
    end
    set -l stamps
    test -n "$_awsbadge_newer"; and set stamps --stamps $_awsbadge_id
    set -l out
    if command -sq $_awsbadge_bin
        set out (command $_awsbadge_bin __refresh --shell fish --proto 1 $stamps $unexported $directory 2>/dev/null)
    end
    set -l fields text class state now until env absent watch stamps real unreadable directories directory_stamps times inodes sizes say done
    for name in $fields
        set -g _awsbadge_x_$name
    end
    if test "$out[1]" = 'begin # awsbadge 1' -a "$out[-1]" = end
        eval (string join \n -- $out | string collect)
    end
    if test "$_awsbadge_x_done" = 1; and string match -qr '^[0-9]+:[0-9]+$' -- "$_awsbadge_x_now:$_awsbadge_x_until"
        _awsbadge_put "$_awsbadge_x_text" "$_awsbadge_x_class"
        set -g _awsbadge_state "$_awsbadge_x_state"
        # Read the age again: the binary may have taken a second, and the next refresh would come too early.
        test -n "$_awsbadge_newer"; and _awsbadge_age | read age
        set -g _awsbadge_until (math 0$age + $_awsbadge_x_until - $_awsbadge_x_now)
        set -g _awsbadge_env (string match -r '^[A-Za-z_][A-Za-z0-9_]*$' -- $_awsbadge_x_env)
        if test -n "$_awsbadge_newer" -a "$AWSBADGE_WATCH" != 0
            _awsbadge_look
        end
        _awsbadge_compare
        set -g _awsbadge_told ''
    else
        _awsbadge_fail
        # Say once that the binary is missing if it was there before. Until it is back, the hook tries again every 30
        # seconds.
        if test -z "$_awsbadge_told"; and not command -sq $_awsbadge_bin
            set -g _awsbadge_told 1
            builtin echo "awsbadge: $_awsbadge_bin is missing; until it is back, the badge shows only the name of the profile" >&2
        end
    end
    if test -n "$_awsbadge_x_say"
        if test -n "$NO_COLOR" -o "$TERM" = dumb; or not test -t 2
            builtin printf '%s\n' $_awsbadge_x_say >&2
        else
            builtin printf '\e[2m%s\e[0m\n' $_awsbadge_x_say >&2
        end
    end
    for name in $fields
        set -e _awsbadge_x_$name
    end
    set -l known (builtin complete -c $_awsbadge_cmd)
    set -q known[1]; or _awsbadge_register
    # The next prompt switches if the directory has changed.
    if test -n "$argv"; and builtin contains PWD $_awsbadge_env
        set -g _awsbadge_until 0
    end

    if test -n "$_awsbadge_export" -a -n "$TMUX_PANE" -a "$_awsbadge_pane" != "=$_awsbadge_class:$_awsbadge_text"
        _awsbadge_tmux
    end
end

# Generates the checks of the files to watch: a file must be neither newer nor older than its stamp, must be as readable
# as before, and a symlink must lead to the same place. A directory must not be newer than its stamp, because moving a
# file over another changes it. Absent paths must still be absent.
function _awsbadge_look
    for file in $_awsbadge_x_absent
        set -a _awsbadge_there -a ! -e $file
    end
    set -l i 0
    for file in $_awsbadge_x_watch
        set i (math $i + 1)
        set -l stamp $_awsbadge_x_stamps[$i]
        set -l real $_awsbadge_x_real[$i]
        test -n "$stamp"; and set -g _awsbadge_stamp $stamp
        test -n "$stamp"; and set -a _awsbadge_changed -o $file -nt $stamp -o $file -ot $stamp
        test -n "$real"; and set -a _awsbadge_there -a $file -ef $real
        if builtin contains -- $file $_awsbadge_x_unreadable
            set -a _awsbadge_there -a ! -r $file
        else
            set -a _awsbadge_there -a -r $file
        end
    end
    set i 0
    for directory in $_awsbadge_x_directories
        set i (math $i + 1)
        set -a _awsbadge_changed -o $directory -nt $_awsbadge_x_directory_stamps[$i]
    end
    set -q _awsbadge_changed[1]; and set -e _awsbadge_changed[1]
    set -q _awsbadge_there[1]; and set -e _awsbadge_there[1]
end

# Removes the stamps of this shell when it ends. Another shell would find them, but perhaps there is none.
function _awsbadge_exit --on-event fish_exit
    test -n "$_awsbadge_stamp"; or return
    set -l stamps (string replace -r '/[^/]*$' '' -- $_awsbadge_stamp)/$_awsbadge_id.*
    set -q stamps[1]; and command rm -f -- $stamps
end

# Whether the command line $argv[1] runs a command of --warn with the profile of this shell.
function _awsbadge_runs
    # Remove escaped separators, and quotes, with what is in them if that looks like more than a word.
    set -l line (string replace -ra '\\\\[\s;&|()]' '' -- $argv[1] | string collect)
    set line (string replace -ra '\'([^\'\s;&|()]*)\'|"([^"\s;&|()]*)"|\'[^\']*\'|"[^"]*"' '$1$2' -- $line | string collect)
    for part in (string replace -ra '[;&|()\n]+' \n -- $line | string split \n)
        for word in (string split -n ' ' -- (string replace -ra '[\s\\\\<>]' ' ' -- $part))
            switch $word
                case 'AWS_*PROFILE=*' 'AWS_*KEY*=*' 'AWS_*TOKEN*=*' 'AWS_*FILE=*' 'AWS_ROLE*=*' 'AWS_CONTAINER*=*'
                    # This command has its own identity; the badge does not describe it.
                    break
                case '-*' '*=*' ! '{' sudo command 'builtin' exec env time nohup and or not begin if else while
                case '*'
                    builtin contains -- (string replace -r '.*/' '' -- $word) (string split ' ' -- $_awsbadge_warn); and return 0
                    break
            end
        end
    end
    return 1
end

# Warns before a command of --warn. $argv[1] is the command line.
function _awsbadge_preexec --on-event fish_preexec
    test -n "$_awsbadge_warn"; or return
    _awsbadge_runs $argv[1]; or return
    _awsbadge_ask still
    set -l sgr
    set -l hint ''
    switch $_awsbadge_class
        case expired
            set sgr 31
            if builtin contains -- $_awsbadge_state expired no-login; and string match -qr '^[A-Za-z0-9_.@:/+=,-]+$' -- "$AWS_PROFILE"
                set hint "; `$_awsbadge_cmd $AWS_PROFILE login` logs in"
            end
        case prod
            set sgr '97;41'
            set hint ': production'
        case '*'
            return
    end
    if test -n "$NO_COLOR" -o "$TERM" = dumb; or not test -t 2
        builtin printf 'awsbadge: %s%s\n' $_awsbadge_text $hint >&2
    else
        builtin printf 'awsbadge: \e[%sm%s\e[0m%s\n' $sgr $_awsbadge_text $hint >&2
    end
end

# The badge if the binary did not answer.
function _awsbadge_fail
    if test -n "$AWS_PROFILE"
        set -l name (string replace -ra '[^A-Za-z0-9_.@:/+=,-]' '?' -- "$AWS_PROFILE")
        _awsbadge_put "aws:"(string sub -l 40 -- "$name")" ?" unknown
    else
        _awsbadge_put '' ''
    end
end

# The variables are set or unset, never empty: some prompt themes show the text around an empty variable.
function _awsbadge_put
    set -g _awsbadge_text $argv[1]
    set -g _awsbadge_class $argv[2]
    set -l scope -g
    set -l prefixes ''
    if test -n "$_awsbadge_export"
        set scope -gx
        set prefixes '' POSH_
    end
    for prefix in $prefixes
        if test -n "$argv[1]"
            set $scope {$prefix}AWSBADGE $argv[1]
            set $scope {$prefix}AWSBADGE_CLASS $argv[2]
        else
            set -eg {$prefix}AWSBADGE
            set -eg {$prefix}AWSBADGE_CLASS
        end
        test -n "$_awsbadge_export"; or continue
        for name in ok warn expired prod unknown
            if test -n "$argv[1]" -a $name = "$argv[2]"
                set -gx {$prefix}AWSBADGE_(string upper $name) $argv[1]
            else
                set -eg {$prefix}AWSBADGE_(string upper $name)
            end
        end
    end
end

# Sets an option of this tmux pane. `#` begins a style in tmux formats, so it is doubled. A `;` at the end would end the
# command.
function _awsbadge_tmux
    if test -n "$_awsbadge_text"
        command tmux set-option -pt $TMUX_PANE @awsbadge (string replace -a '#' '##' -- $_awsbadge_text | string replace -r ';$' '\\\\;') \; \
            set-option -pt $TMUX_PANE @awsbadge_class $_awsbadge_class >/dev/null 2>&1
    else
        command tmux set-option -put $TMUX_PANE @awsbadge \; \
            set-option -put $TMUX_PANE @awsbadge_class >/dev/null 2>&1
    end
    set -g _awsbadge_pane "=$_awsbadge_class:$_awsbadge_text"
end

# Adds the badge before the user's prompt. Called at a prompt and not at start-up, because by then a theme has set its
# prompt.
function _awsbadge_wrap
    set -l name fish_prompt
    test "$_awsbadge_prompt" = right; and set name fish_right_prompt
    if functions -q $name
        if functions $name | string match -q '*_awsbadge_own_prompt*'
            return
        end
        functions -q _awsbadge_own_prompt; and functions -e _awsbadge_own_prompt
        functions -c $name _awsbadge_own_prompt
    else
        function _awsbadge_own_prompt
        end
    end
    function $name
        # Run the user's prompt first, because it may read $status.
        set -l own (_awsbadge_own_prompt $argv | string collect --no-trim-newlines)
        # Another drawing of the same prompt is in the middle of a line.
        _awsbadge_ask $_awsbadge_drawn
        set -g _awsbadge_drawn 1
        # Many prompts begin with an empty line.
        if string match -q \n'*' -- "$own"
            builtin printf '\n'
            set own (string sub -s 2 -- "$own" | string collect --no-trim-newlines)
        end
        # A transient prompt (fish 4.1) is meant to be short, so it has no badge.
        if test -n "$_awsbadge_text"; and not builtin contains -- --final-rendering $argv
            if test -n "$NO_COLOR" -o "$TERM" = dumb
                builtin printf '%s ' $_awsbadge_text
            else
                set -l sgr 35
                switch $_awsbadge_class
                    case ok
                        set sgr 32
                    case warn
                        set sgr '30;43'
                    case expired
                        set sgr 31
                    case prod
                        set sgr '97;41'
                end
                builtin printf '\e[%sm%s\e[0m ' $sgr $_awsbadge_text
            end
        end
        builtin printf %s "$own"
    end
end

# Runs the binary with the arguments, evaluates a block of statements and prints anything else (a --help). Tracing is
# off, because it would show credentials.
function _awsbadge_eval
    set -l fish_trace
    set -g _awsbadge_evaluated ''
    set -l old "$AWS_PROFILE"
    if not command -sq $_awsbadge_bin
        builtin echo "$_awsbadge_cmd: $_awsbadge_bin is missing" >&2
        return 127
    end
    set -l out (command $_awsbadge_bin $argv)
    set -l result $status
    if test $result -eq 0 -a "$out[1]" = 'begin # awsbadge 1' -a "$out[-1]" = end
        eval (string join \n -- $out | string collect)
        set -g _awsbadge_evaluated 1
        # Refresh even if no file seems changed: a login may have written one within the resolution of its timestamp.
        # Add the hook and the badge in the prompt again in case they were removed.
        set -g _awsbadge_until 0
        set -g _awsbadge_drawn ''
        _awsbadge_hook
        if test -n "$old" -a "$old" != "$AWS_PROFILE"
            set -g _awsbadge_prev $old
        end
    else if set -q out[1]
        string join \n -- $out
    end
    return $result
end

# `use` sets three variables to the same value, AWS_PROFILE last. If they differ, setting it failed.
function _awsbadge_use
    _awsbadge_eval use --shell fish --previous "$_awsbadge_prev" --own-region "$_awsbadge_region" $argv; or return
    if test -n "$_awsbadge_evaluated" -a "$AWS_PROFILE" != "$AWS_DEFAULT_PROFILE"
        builtin echo "$_awsbadge_cmd: AWS_PROFILE could not be set" >&2
        return 1
    end
end

function _awsbadge_clear
    _awsbadge_eval clear --shell fish $argv; or return
    if test -n "$AWS_PROFILE"
        builtin echo "$_awsbadge_cmd: AWS_PROFILE could not be unset: is it universal?" >&2
        return 1
    end
end

# Prints what the function $argv[1] takes, if the next argument asks for it; fails if it does not.
function _awsbadge_help
    contains -- "$argv[2]" -h --help; or return 1
    command $_awsbadge_bin __help $argv[1] --cmd $_awsbadge_cmd
    return 0
end

# The region in effect. Without a profile it is only the variable's, as in oh-my-zsh's plugin.
function _awsbadge_agr
    _awsbadge_help agr $argv; and return
    if test -z "$AWS_REGION" -a -n "$AWS_PROFILE"
        command $_awsbadge_bin region --show
        return
    end
    builtin echo -- "$AWS_REGION"
end

function _awsbadge_asp
    _awsbadge_help asp $argv; and return
    set -l login
    set -l flags
    set -l words
    set -l pick
    set -l config
    while set -q argv[1]
        switch $argv[1]
            case --pick
                set pick 1
            case --force
                set login --force
            case -p --profile
            case --config
                set config --config="$argv[2]"
                set -q argv[2]; and set -e argv[2]
            case '--config=*'
                set config $argv[1]
            case --region
                set -a flags $argv[1]
                if set -q argv[2]
                    set -a flags $argv[2]
                    set -e argv[2]
                end
            case --
                set -a words $argv[2..-1]
                break
            case -
                set -a words $argv[1]
            case '-*'
                set -a flags $argv[1]
            case '*'
                set -a words $argv[1]
        end
        set -e argv[1]
    end
    if set -q pick[1]
        set words (command $_awsbadge_bin __pick $config $words); or return
        test -n "$words[1]"; or return 130
    end
    set flags $config $flags
    if test -z "$words$flags"
        _awsbadge_clear; or return
        builtin echo 'AWS profile cleared.'
        return 0
    end
    set -l result
    switch "$words[2]"
        case login
            set -l session
            set -q words[3]; and set session --session=$words[3]
            command $_awsbadge_bin login $config $login $session -- $words[1]; or return
            _awsbadge_use $flags -- $words[1]
            set result $status
        case logout
            _awsbadge_use $flags -- $words[1]; or return
            command $_awsbadge_bin logout -- $words[1]
            set result $status
        case '*'
            set -q words[1]; and set -a flags -- $words
            _awsbadge_use $flags
            set result $status
    end
    set -g _awsbadge_until 0
    return $result
end

function _awsbadge_asr
    _awsbadge_help asr $argv; and return
    _awsbadge_eval region --shell fish $argv; or return
    if test -n "$_awsbadge_evaluated" -a -z "$argv[1]"
        builtin echo 'AWS region cleared.'
    end
end

function _awsbadge_acp
    _awsbadge_help acp $argv; and return
    if test -n "$argv[1]"
        _awsbadge_eval export --format fish $argv
        return
    end
    _awsbadge_clear --keys; or return
    builtin echo 'AWS profile cleared.'
end

function _awsbadge_names
    command $_awsbadge_bin __names $argv 2>/dev/null
end

# The words before the cursor that are neither options nor their values.
function _awsbadge_typed
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case --region --config
                set -e words[1]
            case '-?*'
            case '*'
                builtin echo -- $words[1]
        end
        set -e words[1]
    end
end

function _awsbadge_profiles
    set -l words (commandline -opc)
    set -l at (contains -i -- --config $words)
    if test -n "$at"
        set at (math $at + 1)
        _awsbadge_names profiles --config "$words[$at]"
    else
        _awsbadge_names profiles
    end
end

# Completes `awsbadge` itself.
function _awsbadge_words
    set -l words (commandline -opc)
    set -e words[1]
    set -l before $words
    # After `exec`, find the command after the options and the profile.
    if test "$words[1]" = exec
        set -e words[1]
        set -l named
        while set -q words[1]
            switch $words[1]
                case --
                    set -q named[1]; and set named 2
                case --region
                    set -e words[2]
                case '-?*'
                case '*'
                    set -q named[1]; and break
                    set named 1
            end
            set -e words[1]
            test "$named" = 2; and break
        end
        if test "$named" = 2; or set -q words[1]; or set -q named[1]; and not string match -q -- '-*' (commandline -ct)
            builtin complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
            return
        end
    end
    # Remove an open quote before the word.
    _awsbadge_names words -- $before (string trim -l -c '\'"' -- (commandline -ct))
end

_awsbadge_init
_awsbadge_hook

end
