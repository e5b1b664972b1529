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
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "init" -d 'Print the shell code that maintains the badge and defines asp, asr, agp, agr and acp'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "prompt" -d 'Print the badge once'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "use" -d 'Print shell statements that switch to a profile'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "clear" -d 'Print shell statements that clear the profile, and the credentials that `acp` set'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "region" -d 'Print shell statements that set the region or, without a name, unset it'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "list" -d 'List the profiles with account, role, region and login state'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "status" -d 'Show the active identity, when it expires, and anything that overrides it. Works offline'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "whoami" -d 'Ask AWS whose credentials you have, and compare with what the files say'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "sessions" -d 'List the SSO sessions, when each login expires, and how many profiles use it. Works offline'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "explain" -d 'Show which credentials a tool uses, and why. Works offline'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "config" -d 'Print the AWS config and credentials files, merged as a tool reads them, with secrets masked'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "doctor" -d 'Check your AWS config for problems: file, line, affected tools, fix'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "login" -d 'Log in, if needed'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "logout" -d 'Log out: with awsbadge-sso of one SSO session; the AWS CLI logs out of all of them'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "configure" -d 'Create the first profile: asks for the start URL, logs in, and lets you pick account and role'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "populate" -d 'Create a profile for every account and role that you may use, and keep them correct'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "accounts" -d 'List the accounts that you may use'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "roles" -d 'List the roles that you may use'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "exec" -d 'Run a command as a profile, with overriding credential variables removed'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "export" -d 'Print a profile\'s credentials, for tools that do not support profiles'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "console" -d 'Open the AWS console with a profile\'s account and role, through the access portal'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "share" -d 'Print the config sections that a colleague needs for a profile, without secrets'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "settings" -d 'Show every setting, its value, and where the value comes from'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "completions" -d 'Print the completion script for a shell'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "setup" -d 'Detect your shell and prompt theme, and print the lines that add the badge'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "demo" -d 'Show the badge in every state, using sample files in a temporary home directory'
complete -c awsbadge -n "__fish_awsbadge_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l cmd -d 'Name the switching function NAME, and the others NAMEr, NAMEgp, NAMEgr and NAMEcp' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l prompt -d 'Draw the badge in the prompt. Without this option, your theme has to show $AWSBADGE' -r -f -a "left\t'Before the prompt'
right\t'At the right edge (in bash, which has no right prompt: on the left)'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l warn -d 'Warn on standard error before one of these commands if the login has expired or the profile is production (in bash, needs bash-preexec or ble.sh)' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l psvar -d 'Also set psvar[N] to psvar[N+4], one per class: ok, warn, expired, prod, unknown (zsh)' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l export -d 'Export the badge\'s variables, for starship, oh-my-posh and tmux'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l omz -d 'Also define aws_prompt_info, aws_profiles and aws_regions, as oh-my-zsh\'s aws plugin does (zsh)'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -l live -d 'Update the time in the prompt every minute, without pressing Enter (zsh)'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand prompt" -l shell -d 'Escape and colour the badge for this shell\'s prompt' -r -f -a "zsh\t'In zsh\'s PROMPT, by command substitution'
bash\t'In bash\'s PS1, by command substitution'
fish\t'In fish_prompt'
ksh\t'In ksh93\'s PS1, by command substitution'
tcsh\t'In tcsh\'s prompt, set by `precmd`'
plain\t'As plain text'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand prompt" -l profile -d 'Print the badge of this profile instead of the active one' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand prompt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l region -d 'Also set this region, until the next switch' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l config -d 'Use the files of this section [config CONFIG] of the settings; `default`: the usual files. Without PROFILE, clear the profile' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l shell -d 'The shell that will evaluate the statements' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'
nushell\t'Nushell'
elvish\t'elvish'
plain\t'A POSIX shell: dash, ksh93, mksh, busybox'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l keep-keys -d 'Keep the credentials in the environment, although they override the profile'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -l yes -d 'Do not ask for confirmation'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand clear" -l shell -d 'The shell that will evaluate the statements' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'
nushell\t'Nushell'
elvish\t'elvish'
plain\t'A POSIX shell: dash, ksh93, mksh, busybox'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand clear" -l keys -d 'Also clear other keys and tokens'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand clear" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand region" -l shell -d 'The shell that will evaluate the statements' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'
nushell\t'Nushell'
elvish\t'elvish'
plain\t'A POSIX shell: dash, ksh93, mksh, busybox'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand region" -l show -d 'Print the region in effect instead: of the environment, else of the active profile'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand region" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand list" -l state -d 'List only profiles in these states' -r -f -a "valid\t''
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
complete -c awsbadge -n "__fish_awsbadge_using_subcommand list" -l json -d 'Print an array of the objects that `status --json` prints'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand list" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -l min -d 'Also exit 5 if less than this is left, such as 30m' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -l json -d 'Print one JSON object'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -s q -l quiet -d 'Print nothing, only set the exit code'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -l online -d 'Also ask AWS whose credentials these are, with awsbadge-sso: exits 7 if AWS is not reached, 8 without access'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand status" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand whoami" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand sessions" -l json -d 'Print an array of objects'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand sessions" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand explain" -l tool -d 'Follow this tool\'s provider chain' -r -f -a "cli\t'The AWS CLI v2'
boto3\t'boto3 and everything else that uses botocore, including the AWS CLI v1'
rust\t'The SDK for Rust'
js\t'The SDK for JavaScript v3'
go\t'The SDK for Go v2'
java\t'The SDK for Java v2'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand explain" -l profile -d 'Assume that this profile is selected explicitly, as with `aws --profile`' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand explain" -l json -d 'Print one JSON object'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand config" -l tool -d 'Read the files as this tool does' -r -f -a "cli\t'The AWS CLI v2'
boto3\t'boto3 and everything else that uses botocore, including the AWS CLI v1'
rust\t'The SDK for Rust'
js\t'The SDK for JavaScript v3'
go\t'The SDK for Go v2'
java\t'The SDK for Java v2'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand config" -l json -d 'Print one JSON object'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand doctor" -l json -d 'Print an array of problems'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand doctor" -l fix -d 'Offer to correct single lines of the AWS files; asks first and keeps a backup'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand login" -l session -d 'Log in to this SSO session, whichever one the profile uses' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand login" -l config -d 'Use the files of this section [config CONFIG] of the settings' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand login" -l force -d 'Log in even if not needed'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand login" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand logout" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand configure" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand populate" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand accounts" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand roles" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand exec" -l region -d 'The region for the command' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand exec" -l login -d 'Log in first, if a login is needed'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand exec" -l profile-region -d 'Remove AWS_REGION and AWS_DEFAULT_REGION, so that the profile\'s region applies'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand exec" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand export" -l format -d 'The output format' -r -f -a "zsh\t'Statements for zsh that also set the profile'
bash\t'Statements for bash that also set the profile'
fish\t'Statements for fish that also set the profile'
nushell\t'JSON for the hook of Nushell'
elvish\t'JSON for the hook of elvish'
env\t'`export NAME=\'value\'`, for any POSIX shell'
json\t'JSON, as a `credential_process` prints it'
dotenv\t'NAME=value lines, for .env files'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand console" -l service -d 'The same, for the active profile' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand console" -l region -d 'The region to go to [default: the one in effect]' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand console" -l url -d 'A page of the console to go to; https only' -r
complete -c awsbadge -n "__fish_awsbadge_using_subcommand console" -l print -d 'Print the address instead of opening a browser'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand console" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand share" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand settings" -l init -d 'Create a settings file with every key commented out; never overwrites a file'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand settings" -s h -l help -d 'Print help'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand setup" -l shell -d 'The shell [default: the one that $SHELL names]' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'
nushell\t'Nushell'
elvish\t'elvish'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand setup" -l write -d 'Add the lines to the shell\'s start-up file'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand setup" -l remove -d 'Remove the lines again'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand setup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand demo" -l shell -d 'Start this shell with the sample files; everything is removed when you exit it' -r -f -a "zsh\t'zsh 5.1 or newer'
bash\t'bash 3.2 or newer'
fish\t'fish 3.2 or newer'"
complete -c awsbadge -n "__fish_awsbadge_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "init" -d 'Print the shell code that maintains the badge and defines asp, asr, agp, agr and acp'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "prompt" -d 'Print the badge once'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "use" -d 'Print shell statements that switch to a profile'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "clear" -d 'Print shell statements that clear the profile, and the credentials that `acp` set'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "region" -d 'Print shell statements that set the region or, without a name, unset it'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "list" -d 'List the profiles with account, role, region and login state'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "status" -d 'Show the active identity, when it expires, and anything that overrides it. Works offline'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "whoami" -d 'Ask AWS whose credentials you have, and compare with what the files say'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "sessions" -d 'List the SSO sessions, when each login expires, and how many profiles use it. Works offline'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "explain" -d 'Show which credentials a tool uses, and why. Works offline'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "config" -d 'Print the AWS config and credentials files, merged as a tool reads them, with secrets masked'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "doctor" -d 'Check your AWS config for problems: file, line, affected tools, fix'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "login" -d 'Log in, if needed'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "logout" -d 'Log out: with awsbadge-sso of one SSO session; the AWS CLI logs out of all of them'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "configure" -d 'Create the first profile: asks for the start URL, logs in, and lets you pick account and role'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "populate" -d 'Create a profile for every account and role that you may use, and keep them correct'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "accounts" -d 'List the accounts that you may use'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "roles" -d 'List the roles that you may use'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "exec" -d 'Run a command as a profile, with overriding credential variables removed'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "export" -d 'Print a profile\'s credentials, for tools that do not support profiles'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "console" -d 'Open the AWS console with a profile\'s account and role, through the access portal'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "share" -d 'Print the config sections that a colleague needs for a profile, without secrets'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "settings" -d 'Show every setting, its value, and where the value comes from'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "completions" -d 'Print the completion script for a shell'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "setup" -d 'Detect your shell and prompt theme, and print the lines that add the badge'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "demo" -d 'Show the badge in every state, using sample files in a temporary home directory'
complete -c awsbadge -n "__fish_awsbadge_using_subcommand help; and not __fish_seen_subcommand_from init prompt use clear region list status whoami sessions explain config doctor login logout configure populate accounts roles exec export console share settings completions setup demo help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
