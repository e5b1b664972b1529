# As rounds.zsh, for fish, which has no clock that starts no process: whoever calls this takes the time.
set -l rounds $argv[3]

# The default one would cost more than all that is measured here.
function fish_prompt
end
source $argv[1]

function hooks
    # Not `seq`, which is a program.
    for i in (string split " " (string repeat -n $argv[1] "x "))[2..]
        emit fish_prompt
        fish_prompt
    end
end
function nothing --on-event nothing
end
function empty
    for i in (string split " " (string repeat -n $argv[1] "x "))[2..]
        emit nothing
        nothing
    end
end
function switches
    for i in (string split " " (string repeat -n $argv[1] "x "))[2..]
        asp p1 >/dev/null
    end
end
function prompts
    while read -l line
        hooks 1
    end
end
function start
end

hooks 1 >/dev/null
for turn in (string split " " (string repeat -n $argv[2] "x "))[2..]
    for what in $argv[4..]
        echo bench: begin $what
        $what $rounds >/dev/null
        echo bench: end $what
    end
end
echo badge $AWSBADGE
