# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_awsbadge_global_optspecs
    string join \n h/help V/version
end

function __fish_awsbadge_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_awsbadge_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_awsbadge_using_subcommand
    set -l cmd (__fish_awsbadge_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c awsbadge -n "__fish_awsbadge_needs_command" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -s V -l version -d 'Print version'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "init" -d 'Print the shell code that keeps the badge and defines asp, asr, agp, agr and acp'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "prompt" -d 'Print the badge once'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "use" -d 'Print the statements that switch to a profile, for a shell to evaluate'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "clear" -d 'Print the statements that clear the profile'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "region" -d 'Print the statements that set or, without a name, unset the region'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "list" -d 'List the profiles with account, role, region and the state of their login'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "status" -d 'Say who you are, until when, and what stands in the way; without the network'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "explain" -d 'Say which credentials a tool uses, and why it takes those and no others; without the network'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "config" -d 'Print AWS\'s two files merged as a tool reads them, secrets masked'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "doctor" -d 'Name everything that is wrong or will surprise: file and line, who trips over it, and the fix'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "login" -d 'Log in, where that is needed'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "logout" -d 'Log out. For SSO, the AWS CLI logs out of all sessions'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "exec" -d 'Run one command as a profile, without what would win over it'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "export" -d 'Print a profile\'s credentials, for what can\'t use a profile'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "console" -d 'Open the AWS console with the account and role of a profile, through the access portal'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "share" -d 'Print the sections of a profile that a colleague needs, without secrets'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "settings" -d 'Show every setting, its value and where that comes from'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "setup" -d 'Find the shell and the prompt theme, and print the lines that show the badge there'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "demo" -d 'Show every state of the badge on sample files in a throwaway home, or play in a shell there'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l cmd -d 'The name of the switching function; the others follow it (NAMEr, NAMEgp, NAMEgr, NAMEcp)' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l prompt -d 'Draw the badge in the prompt; without this, a theme shows $AWSBADGE' -r -f -a "left\t'Before the prompt'
right\t'At the right edge (bash has none: there it is left)'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l warn -d 'Before one of these commands, say on standard error where the login is over or the profile is production (bash: with bash-preexec or ble.sh)' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l psvar -d 'Keep the badge in psvar[N] to psvar[N+4] too, one slot a class: ok, warn, expired, prod, unknown (zsh)' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l export -d 'Export the badge\'s variables, for starship, oh-my-posh and tmux'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l omz -d 'Also define aws_prompt_info, aws_profiles and aws_regions, as oh-my-zsh\'s aws plugin does (zsh)'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l live -d 'Let the time in the prompt count down without Enter (zsh)'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand prompt" -l shell -d 'Escape and colour it for the prompt of this shell' -r -f -a "zsh\t'In zsh\'s PROMPT, by command substitution'
bash\t'In bash\'s PS1, by command substitution'
fish\t'In fish_prompt'
plain\t'As plain text'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand prompt" -l profile -d 'The badge of this profile instead of the active one' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand prompt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l region -d 'Set this region too; it goes again at the next switch' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l shell -d 'The shell that will evaluate the statements' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l keep-keys -d 'Leave keys in the environment where they are'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l yes -d 'Don\'t ask before a switch to production'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand clear" -l shell -d 'The shell that will evaluate the statements' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand clear" -l keys -d 'Clear keys and tokens too'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand clear" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand region" -l shell -d 'The shell that will evaluate the statements' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand region" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand list" -l state -d 'Only profiles in these states' -r -f -a "valid\t''
expiring\t''
renewable\t''
unknown\t''
expired\t''
no-login\t''
keys\t''
process\t''
container\t''
instance\t''
web-identity\t''
mfa\t''
config-error\t''
no-credentials\t''
no-such-profile\t''"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand list" -l json -d 'An array of the objects that `status --json` prints'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand list" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -l min -d 'Also exit 5 where less than this is left, such as 30m' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -l json -d 'One JSON object'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -s q -l quiet -d 'Say nothing: the exit code tells'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand explain" -l tool -d 'The tool' -r -f -a "cli\t'The AWS CLI v2'
boto3\t'boto3 and everything on botocore, the AWS CLI v1 too'
rust\t'The SDK for Rust'
js\t'The SDK for JavaScript v3'
go\t'The SDK for Go v2'
java\t'The SDK for Java v2'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand explain" -l profile -d 'As if the tool were told this profile by its own means, such as aws --profile' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand explain" -l json -d 'One JSON object'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand config" -l tool -d 'The tool' -r -f -a "cli\t'The AWS CLI v2'
boto3\t'boto3 and everything on botocore, the AWS CLI v1 too'
rust\t'The SDK for Rust'
js\t'The SDK for JavaScript v3'
go\t'The SDK for Go v2'
java\t'The SDK for Java v2'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand config" -l json -d 'One JSON object'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand doctor" -l json -d 'An array of findings'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand login" -l session -d 'Log in to this SSO session, whatever the profile uses' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand login" -l force -d 'Log in even where that is not needed'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand login" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand logout" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand exec" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand export" -l format -d 'The form' -r -f -a "zsh\t'Statements for zsh, which set the profile too'
bash\t'Statements for bash, which set the profile too'
fish\t'Statements for fish, which set the profile too'
env\t'`export NAME=\'value\'`, for any POSIX shell'
json\t'What a `credential_process` prints'
dotenv\t'NAME=value, for env files'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand console" -l print -d 'Print the address instead of opening a browser'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand console" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand share" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand settings" -l init -d 'Write a first settings file with every key in it, each commented out; never over one that is there'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand settings" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand setup" -l shell -d 'The shell; without it, the one that $SHELL names' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand setup" -l write -d 'Write the lines into the shell\'s start-up file'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand setup" -l remove -d 'Take them out again'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand setup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand demo" -l shell -d 'Open this shell on the sample files; leaving it removes everything' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "init" -d 'Print the shell code that keeps the badge and defines asp, asr, agp, agr and acp'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "prompt" -d 'Print the badge once'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "use" -d 'Print the statements that switch to a profile, for a shell to evaluate'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "clear" -d 'Print the statements that clear the profile'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "region" -d 'Print the statements that set or, without a name, unset the region'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "list" -d 'List the profiles with account, role, region and the state of their login'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "status" -d 'Say who you are, until when, and what stands in the way; without the network'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "explain" -d 'Say which credentials a tool uses, and why it takes those and no others; without the network'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "config" -d 'Print AWS\'s two files merged as a tool reads them, secrets masked'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "doctor" -d 'Name everything that is wrong or will surprise: file and line, who trips over it, and the fix'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "login" -d 'Log in, where that is needed'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "logout" -d 'Log out. For SSO, the AWS CLI logs out of all sessions'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "exec" -d 'Run one command as a profile, without what would win over it'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "export" -d 'Print a profile\'s credentials, for what can\'t use a profile'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "console" -d 'Open the AWS console with the account and role of a profile, through the access portal'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "share" -d 'Print the sections of a profile that a colleague needs, without secrets'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "settings" -d 'Show every setting, its value and where that comes from'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "setup" -d 'Find the shell and the prompt theme, and print the lines that show the badge there'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "demo" -d 'Show every state of the badge on sample files in a throwaway home, or play in a shell there'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status explain config doctor login logout exec export console share settings completions setup demo help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
