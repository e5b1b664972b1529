# shellcheck shell=bash
# awsbadge for bash 3.2 and newer: updates AWSBADGE and AWSBADGE_CLASS before each prompt, and switches profiles.
#
# Between two refreshes the hook starts no process: it compares the environment, the clock, and the files that the last
# answer listed. Each file has a stamp, an empty file with the same time, to compare it with (ARCHITECTURE.md, "The
# exchange between hook and binary"). Every builtin is written as \builtin, because aliases apply when this file is
# parsed, and functions may shadow any builtin. Words are compared with `test`, because `[[` and `case` obey the user's
# nocasematch. Syntax newer than bash 3.2 is only used inside ${ } that an older bash never evaluates.

if [[ $- == *i* ]]; then # Not indented: the rest of the file is this branch.

# With allexport the functions would be exported too.
if [[ $- == *a* ]]; then
  \builtin set +a
  _awsbadge_allexport=1
fi

_awsbadge_init() {
  _awsbadge_bin=${_awsbadge_bin:-awsbadge} _awsbadge_cmd=${_awsbadge_cmd:-asp} _awsbadge_prompt=${_awsbadge_prompt-}
  _awsbadge_export=${_awsbadge_export-} _awsbadge_warn=${_awsbadge_warn-} _awsbadge_state='' _awsbadge_prev=${_awsbadge_prev-} _awsbadge_region=${_awsbadge_region-}
  # _awsbadge_until=0: the next prompt asks the binary.
  _awsbadge_key='' _awsbadge_at=0 _awsbadge_until=0 _awsbadge_exported='' _awsbadge_found=''
  _awsbadge_text='' _awsbadge_class='' _awsbadge_shown='' _awsbadge_told=1 _awsbadge_env=()
  # Identifies the stamps of this shell.
  _awsbadge_id=$$.${RANDOM:-1}
  # The variables that the badge always depends on: those compared by value, and secrets, for which only "has a value"
  # is compared. `init` prints both lists from the binary's table of variables. If this file is sourced directly, it
  # reads the lists from the output of `init`.
  if [[ -z ${_awsbadge_values[*]-} ]]; then
    \builtin local line
    _awsbadge_values=() _awsbadge_secrets=()
    while IFS= \builtin read -r line; do
      case $line in
        '_awsbadge_values=('*')' | '_awsbadge_secrets=('*')') \builtin eval "$line" ;;
      esac
    done <<< "$(_awsbadge_call exec init bash 2>/dev/null)"
  fi
  # For switches by directory: the profile that this shell began with, and the place of the last switch (four lines).
  _awsbadge_inherited=${_awsbadge_inherited-${AWS_PROFILE-${AWS_DEFAULT_PROFILE-}}} _awsbadge_still=''
  if [[ -z ${_awsbadge_dir-} ]]; then _awsbadge_dir=$'\n\n\n'; fi
  _awsbadge_pane=none _awsbadge_ps1='' _awsbadge_chained=''
  _awsbadge_version=$(( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] ))
  # Before bash 5.1, PROMPT_COMMAND is one string and the commands after the hook see its status, so the hook returns
  # the user's $?. With errexit that would end the shell.
  _awsbadge_first='' _awsbadge_last=''
  if (( _awsbadge_version < 501 )); then
    _awsbadge_first="_awsbadge_status=\$?;"
    _awsbadge_last="if [[ \$- != *e* ]]; then \\builtin return \"\$_awsbadge_status\"; fi;"
  fi
  # If the settings were assigned with allexport, every program would inherit them.
  \builtin export -n _awsbadge_bin _awsbadge_cmd _awsbadge_prompt _awsbadge_export _awsbadge_prev _awsbadge_region \
    _awsbadge_warn _awsbadge_omz _awsbadge_live _awsbadge_psvar _awsbadge_inherited _awsbadge_dir

  # Variables exported by a parent shell describe the parent.
  \builtin local prefix name
  for prefix in '' POSH_; do
    for name in '' _CLASS _OK _WARN _EXPIRED _PROD _UNKNOWN; do
      # A read-only one stays as it is.
      \builtin unset -v "${prefix}AWSBADGE$name" 2>&- || \builtin :
    done
  done

  _awsbadge_draw=''
  if [[ -n $_awsbadge_prompt ]]; then
    # shellcheck disable=SC2016 # bash expands it in the prompt.
    _awsbadge_reference='${_awsbadge_ps1}'
    # Without promptvars bash would show the reference literally.
    _awsbadge_draw="\\builtin shopt -q promptvars && [[ \${PS1-} == *'$_awsbadge_reference'* ]] || _awsbadge_redraw"
  fi
  # Before the first refresh there is nothing to compare with.
  _awsbadge_compile '\builtin false'
  _awsbadge_hook
  if [[ -n $_awsbadge_warn ]]; then _awsbadge_warned; fi

  \builtin local short long
  short="$_awsbadge_cmd" long="$_awsbadge_cmd"
  if \builtin test "$short" = asp; then short=as long=a; fi
  _awsbadge_define "$_awsbadge_cmd" _awsbadge_asp
  _awsbadge_define "${short}r" _awsbadge_asr
  _awsbadge_define "${long}gp" _awsbadge_agp
  _awsbadge_define "${long}gr" _awsbadge_agr
  _awsbadge_define "${long}cp" _awsbadge_acp
  _awsbadge_register
}

# Called again at a refresh if something like `complete -r` has removed the completions.
_awsbadge_register() {
  \builtin local short long name
  short="$_awsbadge_cmd" long="$_awsbadge_cmd"
  if \builtin test "$short" = asp; then short=as long=a; fi
  \builtin complete -F _awsbadge_complete_asp "$_awsbadge_cmd"
  \builtin complete -F _awsbadge_complete_region "${short}r"
  \builtin complete -F _awsbadge_complete_profile "${long}cp"
  \builtin complete -F _awsbadge_complete_awsbadge awsbadge
  for name in export declare typeset aws; do _awsbadge_chain "$name"; done
}

# An alias with the same name would take precedence over the function.
_awsbadge_define() {
  if [[ $1 == *[!A-Za-z0-9_.-]* ]]; then \builtin return 0; fi
  \builtin unalias "$1" 2>/dev/null || \builtin :
  \builtin eval "function $1 { $2 \"\$@\"; }"
}

# Adds the hook once, before the themes that read AWSBADGE and after direnv and mise, which change the environment. With
# --prompt no theme reads it, so the hook comes last: it sees every change, and no theme undoes it. Other hooks may be
# added later, so this is called again at each refresh.
_awsbadge_hook() {
  \builtin local name last
  last=''
  \builtin local -a list
  if [[ -n ${BLE_VERSION-} ]]; then
    blehook PRECMD!=_awsbadge_precmd
    \builtin return 0
  fi
  list=(${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"})
  if [[ -n ${bash_preexec_imported-}${__bp_imported-} ]]; then list=(${precmd_functions[@]+"${precmd_functions[@]}"}); fi
  for name in ${list[@]+"${list[@]}"}; do
    case $name in
      *[\;$'\n'' ']_awsbadge_precmd | _awsbadge_precmd) last=here ;;
      *_awsbadge_precmd*) if [[ -n $_awsbadge_prompt ]]; then last=early; else last=here; fi ;;
      *) if [[ -n $_awsbadge_prompt && -n $last ]]; then last=early; fi ;;
    esac
    if [[ -z $_awsbadge_prompt && -n $last ]]; then \builtin return 0; fi
  done
  if [[ $last == here ]]; then \builtin return 0; fi
  if [[ -n ${bash_preexec_imported-}${__bp_imported-} ]]; then
    precmd_functions=()
    for name in ${list[@]+"${list[@]}"}; do
      if ! \builtin test "$name" = _awsbadge_precmd; then precmd_functions+=("$name"); fi
    done
    precmd_functions+=(_awsbadge_precmd)
  elif (( _awsbadge_version >= 501 )); then
    _awsbadge_hook_list
  else
    _awsbadge_hook_text
  fi
}

# bash has no hook before a command except the DEBUG trap, and only one program can own that. bash-preexec and ble.sh
# provide one.
_awsbadge_warned() {
  if [[ -n ${BLE_VERSION-} ]]; then
    blehook PREEXEC!=_awsbadge_preexec
    \builtin return 0
  fi
  for name in ${preexec_functions[@]+"${preexec_functions[@]}"}; do
    if \builtin test "$name" = _awsbadge_preexec; then \builtin return 0; fi
  done
  preexec_functions+=(_awsbadge_preexec)
}

_awsbadge_hook_list() {
  \builtin local -a list
  \builtin local i after
  after=0
  list=(${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"})
  # `unset` fails if the variable is read-only; an assignment would abort the start-up file.
  if ! \builtin unset -v PROMPT_COMMAND 2>/dev/null; then \builtin return 0; fi
  if [[ -n $_awsbadge_prompt ]]; then
    for (( i = 0; i < ${#list[@]}; i++ )); do
      case ${list[i]} in
        _awsbadge_precmd) ;;
        # If the hook is part of a longer string, replace it with `:`, which does nothing.
        *) PROMPT_COMMAND+=("${list[i]//_awsbadge_precmd/:}") ;;
      esac
    done
    PROMPT_COMMAND+=(_awsbadge_precmd)
    \builtin return 0
  fi
  for (( i = 0; i < ${#list[@]}; i++ )); do
    case ${list[i]} in
      _direnv_hook\;* | _mise_hook\;*)
        # A theme may follow in the same string.
        list[i]=${list[i]%%;*}\;_awsbadge_precmd\;${list[i]#*;}
        PROMPT_COMMAND=("${list[@]}")
        \builtin return 0 ;;
      *direnv* | *_mise_hook*) after=$(( i + 1 )) ;;
    esac
  done
  PROMPT_COMMAND=(${list[@]+"${list[@]:0:after}"} _awsbadge_precmd ${list[@]+"${list[@]:after}"})
}

# PROMPT_COMMAND is one string, and commands after the hook see the hook's PIPESTATUS. So the hook comes last, unless
# another command builds PS1 from AWSBADGE. printf fails if the variable is read-only; an assignment would abort the
# start-up file.
_awsbadge_hook_text() {
  \builtin local rest first
  rest="${PROMPT_COMMAND-}" first=''
  while [[ $rest == *[$' \t\n;'] ]]; do rest=${rest%?}; done
  if [[ -z $_awsbadge_prompt ]]; then
    case $rest in
      _direnv_hook\;* | _mise_hook\;*) first=${rest%%;*}\; rest=${rest#*;} ;;
    esac
  fi
  case $_awsbadge_prompt:$rest in
    :*starship* | :*_omp_* | :*powerline* | :*[pP][sS]1* | :*prompt*) rest="_awsbadge_precmd;$rest" ;;
    *) rest=${rest//_awsbadge_precmd/:} rest="$rest${rest:+;}_awsbadge_precmd" ;;
  esac
  \builtin printf -v PROMPT_COMMAND %s "$first$rest" 2>/dev/null || \builtin :
}

# Generates the hook again: it compares, asks the binary if something differs, restores AWSBADGE if something else has
# changed it, and draws the badge. `$1` is the
# condition that is true if nothing has changed.
_awsbadge_compile() {
  \builtin eval "_awsbadge_precmd() {
    $_awsbadge_first
    $1 || _awsbadge_refresh
    [[ \${AWSBADGE-} == \"\$_awsbadge_shown\" ]] || _awsbadge_put \"\$_awsbadge_text\" \"\$_awsbadge_class\"
    $_awsbadge_draw
    $_awsbadge_last
  }"
}

# Writes the condition for the last answer into the caller's `same`. It uses what is fastest in bash: one `==` instead
# of many, and variables instead of long words.
_awsbadge_compare() {
  \builtin local name file readable found there kinds number clock i
  found='' there='' kinds='' number=0 clock=EPOCHSECONDS
  # One string covers all variables: first the unset ones, which add nothing (a 1 once they are set), then the others.
  # Each value has its length before it, so the string is equal only if all values are. For a secret it only contains
  # whether it has a value.
  for name in ${_awsbadge_values[@]+"${_awsbadge_values[@]}"} ${_awsbadge_env[@]+"${_awsbadge_env[@]}"}; do
    if [[ -z ${!name+1} ]]; then
      found="$found\${$name+1}"
    else
      there="$there,\${$name+\${#$name}:\$$name}" kinds="$kinds,\${$name+\${$name@a}}"
    fi
  done
  for name in ${_awsbadge_secrets[@]+"${_awsbadge_secrets[@]}"}; do
    if [[ -z ${!name+1} ]]; then
      found="$found\${$name+1}"
    else
      there="$there,\${$name:+1}" kinds="$kinds,\${$name+\${$name@a}}"
    fi
  done
  found=$found$there
  # Also compare whether they are exported; before bash 4.4 that would need a process.
  if (( _awsbadge_version >= 404 )); then found=$found$kinds; fi
  \builtin eval "_awsbadge_found=\"$found\""
  if \builtin shopt -q nocasematch; then
    # `[[` would treat Dev and dev as equal, so `test` compares them below.
    same='a == A'
  else
    # `a` matches [!A], but no longer once nocasematch is on: then the condition fails.
    same="${found}a == \"\$_awsbadge_found\"[!A]"
  fi

  if ! \builtin test "${AWSBADGE_WATCH-}" = 0; then
    for file in ${_awsbadge_x_absent[@]+"${_awsbadge_x_absent[@]}"}; do
      \builtin printf -v "_awsbadge_is_$number" %s "$file"
      same="$same && ! -e \$_awsbadge_is_$number"
      number=$(( number + 1 ))
    done
    for (( i = 0; i < ${#_awsbadge_x_watch[@]}; i++ )); do
      file=${_awsbadge_x_watch[i]}
      \builtin printf -v "_awsbadge_is_$number" %s "$file"
      # Unchanged: neither newer nor older than its stamp, which has the same time. A missing file counts as older.
      if [[ -n ${_awsbadge_x_stamps[i]-} ]]; then
        \builtin printf -v "_awsbadge_stamp_$number" %s "${_awsbadge_x_stamps[i]}"
        same="$same && ! \$_awsbadge_is_$number -nt \$_awsbadge_stamp_$number"
        same="$same && ! \$_awsbadge_is_$number -ot \$_awsbadge_stamp_$number"
      fi
      if [[ -n ${_awsbadge_x_real[i]-} ]]; then
        \builtin printf -v "_awsbadge_real_$number" %s "${_awsbadge_x_real[i]}"
        same="$same && \$_awsbadge_is_$number -ef \$_awsbadge_real_$number"
      fi
      readable=-r
      for name in ${_awsbadge_x_unreadable[@]+"${_awsbadge_x_unreadable[@]}"}; do
        if \builtin test "$name" = "$file"; then readable="! -r"; fi
      done
      same="$same && $readable \$_awsbadge_is_$number"
      number=$(( number + 1 ))
    done
    # Moving a file over another changes the time of its directory.
    for (( i = 0; i < ${#_awsbadge_x_directories[@]}; i++ )); do
      \builtin printf -v "_awsbadge_is_$number" %s "${_awsbadge_x_directories[i]}"
      \builtin printf -v "_awsbadge_stamp_$number" %s "${_awsbadge_x_directory_stamps[i]}"
      same="$same && ! \$_awsbadge_is_$number -nt \$_awsbadge_stamp_$number"
      number=$(( number + 1 ))
    done
  fi
  same="[[ $same ]]"
  if \builtin shopt -q nocasematch; then same="$same && \\builtin test \"$found\" = \"\$_awsbadge_found\""; fi

  # EPOCHSECONDS may have been unset, or may be unset later while nounset is on.
  case ${EPOCHSECONDS-}:$- in
    :*) same="{ \\builtin local now; _awsbadge_clock; (( now < _awsbadge_until && now >= _awsbadge_at )); } && $same" ;;
    *)
      case $- in *u*) clock="\${EPOCHSECONDS-0}" ;; esac
      same="(( $clock < _awsbadge_until && $clock >= _awsbadge_at )) && $same" ;;
  esac
}

# Sets the caller's `now` to the seconds since 1970, or since the start of the shell before bash 4.2.
_awsbadge_clock() {
  if (( _awsbadge_version >= 402 )); then
    \builtin printf -v now '%(%s)T' -1
  else
    now=${SECONDS:-0}
  fi
}

# Sets the caller's `exported` to x if AWS_PROFILE is exported.
_awsbadge_attributes() {
  exported=$(\builtin declare -p AWS_PROFILE) || exported=
  exported=${exported#declare -}
  exported=${exported%% *}
  if [[ $exported == *x* ]]; then exported=x; else exported=; fi
}

# Asks the binary.
_awsbadge_refresh() {
  # A refresh in a subshell would be lost when the subshell exits.
  if (( BASH_SUBSHELL )); then \builtin return 0; fi
  \builtin local now exported key was out name same
  now="${EPOCHSECONDS-}" exported='' key='' was="$_awsbadge_key" out='' same=''
  \builtin local -a arguments
  arguments=(--shell bash --proto 1 --stamps "$_awsbadge_id")
  if [[ -z $now ]]; then _awsbadge_clock; fi
  if (( _awsbadge_version >= 404 )); then
    exported=${AWS_PROFILE+${AWS_PROFILE@a}}
  elif [[ -n ${AWS_PROFILE-} ]]; then
    _awsbadge_attributes
  fi
  for name in ${_awsbadge_values[@]+"${_awsbadge_values[@]}"}; do
    if [[ -n ${!name+1} ]]; then key="$key$name=${!name},"; fi
  done

  # Prepare for failure (no binary, no answer, an interrupt): the next attempt is in 30 seconds.
  \builtin local _awsbadge_x_text _awsbadge_x_class _awsbadge_x_state _awsbadge_x_now _awsbadge_x_until _awsbadge_x_say \
    _awsbadge_x_done
  _awsbadge_x_text='' _awsbadge_x_class='' _awsbadge_x_state='' _awsbadge_x_now='' _awsbadge_x_until='' _awsbadge_x_say=''
  _awsbadge_x_done=''
  \builtin local -a _awsbadge_x_env _awsbadge_x_absent _awsbadge_x_watch _awsbadge_x_stamps _awsbadge_x_real \
    _awsbadge_x_unreadable _awsbadge_x_directories _awsbadge_x_directory_stamps
  _awsbadge_x_env=() _awsbadge_x_absent=() _awsbadge_x_watch=() _awsbadge_x_stamps=() _awsbadge_x_real=()
  _awsbadge_x_unreadable=() _awsbadge_x_directories=() _awsbadge_x_directory_stamps=()
  _awsbadge_key=$key$exported _awsbadge_at=$now _awsbadge_until=$(( now + 30 )) _awsbadge_env=()
  _awsbadge_compare
  _awsbadge_compile "$same"
  if ! \builtin test "$_awsbadge_key" = "$was"; then _awsbadge_fail; fi

  if [[ -n ${AWS_PROFILE-} && $exported != *x* ]]; then arguments+=(--unexported "$AWS_PROFILE"); fi
  # Only a prompt switches by directory, and only what can be set.
  if [[ -z $_awsbadge_still && $exported != *r* ]]; then
    arguments+=(--directory "$_awsbadge_cmd"$'\n'"$_awsbadge_region"$'\n'"$_awsbadge_dir"$'\n'"$_awsbadge_inherited")
  fi
  if [[ $- == *r* ]]; then
    # A restricted shell cannot redirect to a file, so close standard error instead.
    out=$(_awsbadge_call exec __refresh "${arguments[@]}" 2>&-) || out=
  else
    out=$(_awsbadge_call exec __refresh "${arguments[@]}" 2>/dev/null) || out=
  fi
  # With `set -k`, `export` would not see the assignments.
  name=$-
  \builtin set +k
  case $out in '{ # awsbadge 1'$'\n'*$'\n}') \builtin eval "$out" ;; esac
  case $name in *k*) \builtin set -k ;; esac
  case $_awsbadge_x_done:$_awsbadge_x_now:$_awsbadge_x_until in
    *[!0-9:]* | *:)
      _awsbadge_fail
      _awsbadge_tell ;;
    1:*)
      _awsbadge_told=
      _awsbadge_put "$_awsbadge_x_text" "$_awsbadge_x_class"
      _awsbadge_state=$_awsbadge_x_state
      if (( _awsbadge_version < 402 )); then
        _awsbadge_until=$(( ${SECONDS:-0} + _awsbadge_x_until - _awsbadge_x_now ))
      else
        _awsbadge_until=$_awsbadge_x_until
      fi
      for name in ${_awsbadge_x_env[@]+"${_awsbadge_x_env[@]}"}; do
        case $name in '' | [0-9]* | *[!A-Za-z0-9_]*) ;; *) _awsbadge_env+=("$name") ;; esac
      done
      _awsbadge_compare
      _awsbadge_compile "$same" ;;
    *)
      _awsbadge_fail
      _awsbadge_tell ;;
  esac

  _awsbadge_hook
  # A restricted shell cannot redirect.
  if [[ $- != *r* ]]; then
    if \builtin complete -p "$_awsbadge_cmd" >/dev/null 2>&1; then _awsbadge_chain aws; else _awsbadge_register; fi
  fi
  if [[ -n $_awsbadge_warn && -z ${BLE_VERSION-}${bash_preexec_imported-}${__bp_imported-} ]]; then
    \builtin printf 'awsbadge: init --warn needs bash-preexec or ble.sh, and neither is loaded: nothing will be said before commands\n' >&2
    _awsbadge_warn=
  fi
  if [[ -n $_awsbadge_export && -n ${TMUX_PANE-} ]] && \builtin test "$_awsbadge_pane" != "=$_awsbadge_class:$_awsbadge_text"; then
    _awsbadge_tmux
  fi
  if [[ -n $_awsbadge_x_say ]]; then
    if [[ -t 2 && -z ${NO_COLOR-} && ${TERM-} != dumb ]]; then _awsbadge_x_say=$'\e[2m'$_awsbadge_x_say$'\e[0m'; fi
    \builtin printf '%s\n' "$_awsbadge_x_say" >&2
  fi
  # The next prompt switches if the directory has changed.
  case $_awsbadge_still:" ${_awsbadge_env[*]-} " in 1:*' PWD '*) _awsbadge_until=0 ;; esac
  # With allexport, every assignment above was exported.
  if [[ $- == *a* ]]; then
    \builtin export -n "${!_awsbadge_@}"
    \builtin export -nf _awsbadge_precmd
    if [[ -z $_awsbadge_export ]]; then \builtin export -n AWSBADGE AWSBADGE_CLASS; fi
  fi
  \builtin return 0
}

# Whether the binary is missing.
_awsbadge_missing() {
  case $_awsbadge_bin in
    /*) [[ ! -x $_awsbadge_bin ]] ;;
    *) [[ -z $(\builtin type -P -- "$_awsbadge_bin") ]] ;;
  esac
}

# Says once that the binary is missing if it was there before. Until it is back, the hook tries again every 30 seconds.
_awsbadge_tell() {
  if [[ -z $_awsbadge_told ]] && _awsbadge_missing; then
    _awsbadge_told=1
    \builtin printf 'awsbadge: %s is missing; until it is back, the badge shows only the name of the profile\n' \
      "$_awsbadge_bin" >&2
  fi
}

# The badge if the binary did not answer.
_awsbadge_fail() {
  if [[ -n ${AWS_PROFILE-} ]]; then
    \builtin local name
    name="${AWS_PROFILE//[^A-Za-z0-9_.@:\/+=,-]/?}"
    _awsbadge_put "aws:${name:0:40} ?" unknown
  else
    _awsbadge_put '' ''
  fi
}

# The variables are set or unset, never empty: some prompt themes show the text around an empty variable.
_awsbadge_put() {
  \builtin local prefix name sgr shown
  _awsbadge_text=$1 _awsbadge_class=$2 _awsbadge_ps1=
  # An assignment to a read-only variable would end this function; `printf` only fails.
  # shellcheck disable=SC2034 # For the prompt.
  if [[ -z $1 ]]; then
    \builtin unset -v AWSBADGE AWSBADGE_CLASS 2>&- || \builtin :
  else
    \builtin printf -v AWSBADGE %s "$1" 2>&- || \builtin :
    \builtin printf -v AWSBADGE_CLASS %s "$2" 2>&- || \builtin :
  fi
  _awsbadge_shown=${AWSBADGE-}
  if [[ -n $_awsbadge_export ]]; then
    for prefix in '' POSH_; do
      for name in ok:OK warn:WARN expired:EXPIRED prod:PROD unknown:UNKNOWN; do
        if [[ -n $1 ]] && \builtin test "${name%:*}" = "$2"; then
          # starship shows these. It escapes a value once for bash, but bash expands PS1 twice. Without doubled
          # backslashes, bash would run a $(…) that follows one. The variables for oh-my-posh, with the prefix, need no
          # change.
          if [[ -z $prefix ]]; then shown=${1//\\/\\\\}; else shown=$1; fi
          \builtin export "${prefix}AWSBADGE=$1" "${prefix}AWSBADGE_CLASS=$2" "${prefix}AWSBADGE_${name#*:}=$shown" 2>&- ||
            \builtin :
        else
          \builtin unset -v "${prefix}AWSBADGE_${name#*:}" 2>&- || \builtin :
        fi
      done
      if [[ -z $1 ]]; then \builtin unset -v "${prefix}AWSBADGE" "${prefix}AWSBADGE_CLASS" 2>&- || \builtin :; fi
    done
  fi
  if [[ -n $_awsbadge_prompt && -n $1 ]]; then
    case $2 in
      ok) sgr=32 ;;
      warn) sgr='30;43' ;;
      expired) sgr=31 ;;
      prod) sgr='97;41' ;;
      *) sgr=35 ;;
    esac
    # bash does not interpret \[ and \] in the value of a variable, so use the bytes \001 and \002.
    if [[ -n ${NO_COLOR-} || ${TERM-} == dumb ]]; then
      _awsbadge_ps1="$1 "
    else
      _awsbadge_ps1=$'\001\e['${sgr}$'m\002'$1$'\001\e[0m\002 '
    fi
  fi
}

# Sets an option of this tmux pane. `#` begins a style in tmux formats, so it is doubled. A `;` at the end would end the
# command.
_awsbadge_tmux() {
  \builtin local text
  text=${_awsbadge_text//\#/##}
  if [[ $text == *\; ]]; then text=${text%?}\\\;; fi
  if [[ -n $text ]]; then
    \builtin command tmux set-option -pt "$TMUX_PANE" @awsbadge "$text" \; \
      set-option -pt "$TMUX_PANE" @awsbadge_class "$_awsbadge_class" >/dev/null 2>&1 || \builtin :
  else
    \builtin command tmux set-option -put "$TMUX_PANE" @awsbadge \; \
      set-option -put "$TMUX_PANE" @awsbadge_class >/dev/null 2>&1 || \builtin :
  fi
  _awsbadge_pane="=$_awsbadge_class:$_awsbadge_text"
}

# Adds the badge to the prompt, as a reference and never as a value.
_awsbadge_redraw() {
  \builtin local prompt newlines
  newlines=''
  if ! \builtin shopt -q promptvars; then
    PS1=${PS1//"$_awsbadge_reference"/}
    \builtin return 0
  fi
  # Many prompts begin with an empty line.
  case ${PS1-} in
    '\n'*) newlines='\n' ;;
    $'\n'*) newlines=$'\n' ;;
  esac
  prompt=$newlines$_awsbadge_reference${PS1#"$newlines"}
  # With allexport, the assignment would export PS1.
  if [[ $- == *a* ]]; then
    \builtin set +a
    PS1=$prompt
    \builtin set -a
  else
    PS1=$prompt
  fi
}

# Whether the command line $1 runs a command of --warn with the profile of this shell. Quotes and separators are read as
# the shell reads them, as far as that is needed.
_awsbadge_runs() {
  \builtin local rest word char first own special
  rest=$1$'\n' word='' first=1 own=''
  special=$' \t\n;&|()<>`\'"\\'
  while [[ -n $rest ]]; do
    word=$word${rest%%["$special"]*} rest=${rest#"${rest%%["$special"]*}"}
    char=${rest:0:1} rest=${rest:1}
    case $char in
      \' | \") word=$word${rest%%"$char"*} rest=${rest#*"$char"} ;;
      \\) word=$word${rest:0:1} rest=${rest:1} ;;
      *)
        if [[ -n $first ]]; then
          case $word in
            # This command has its own identity; the badge does not describe it.
            AWS_*PROFILE=* | AWS_*KEY*=* | AWS_*TOKEN*=* | AWS_*FILE=* | AWS_ROLE*=* | AWS_CONTAINER*=*) own=1 ;;
            '' | -* | *=* | '!' | '{' | sudo | command | exec | env | time | nohup | if | then | else | elif | while | until | do) ;;
            *)
              first=''
              if [[ -z $own && " $_awsbadge_warn " == *" ${word##*/} "* ]]; then \builtin return 0; fi ;;
          esac
        fi
        word=''
        case $char in [$'\n;&|(`']) first=1 own='' ;; esac ;;
    esac
  done
  \builtin return 1
}

# Warns before a command of --warn. $1 is the command line.
_awsbadge_preexec() {
  \builtin local hint on off _awsbadge_still
  hint='' on='' off='' _awsbadge_still=1
  _awsbadge_runs "$1" || \builtin return 0
  _awsbadge_precmd || \builtin :
  case $_awsbadge_state:${AWS_PROFILE-} in
    expired:*[!A-Za-z0-9_.@:/+=,-]* | no-login:*[!A-Za-z0-9_.@:/+=,-]*) ;;
    expired:* | no-login:*) hint="; \`$_awsbadge_cmd $AWS_PROFILE login\` logs in" ;;
  esac
  case $_awsbadge_class in
    expired) on=$'\e[31m' ;;
    prod) on=$'\e[97;41m' hint=': production' ;;
    *) \builtin return 0 ;;
  esac
  if [[ -t 2 && -z ${NO_COLOR-} && ${TERM-} != dumb ]]; then off=$'\e[0m'; else on=''; fi
  \builtin printf 'awsbadge: %s%s%s%s\n' "$on" "$_awsbadge_text" "$off" "$hint" >&2
}

# Runs the binary with `command`, or with `exec` in a command substitution, where bash would otherwise fork twice. A
# restricted shell forbids exec and a slash in a command's name.
_awsbadge_call() {
  \builtin local how
  how="$1"
  \builtin shift
  if [[ $- == *r* ]]; then
    \builtin command "${_awsbadge_bin##*/}" "$@"
  else
    \builtin "$how" "$_awsbadge_bin" "$@"
  fi
}

# Runs the binary with the arguments, evaluates a block of statements and prints anything else (a --help). Tracing and
# the DEBUG trap are off, because both would show credentials. A function runs the trap only with functrace or its own
# trace attribute. With `set -k`, `export` would not see the assignments.
_awsbadge_eval() {
  \builtin local result options old
  result=0 options="$-" old="${AWS_PROFILE-}"
  case $options in
    # A restricted shell cannot redirect the trace of this line.
    *r*) \builtin set +kxvT ;;
    *)
      { \builtin set +kxvT; } 2>/dev/null
      \builtin declare -f +t _awsbadge_unwatched _awsbadge_call >/dev/null 2>&1 || \builtin : ;;
  esac
  if _awsbadge_missing; then
    \builtin printf '%s: %s is missing\n' "$_awsbadge_cmd" "$_awsbadge_bin" >&2
    result=127
  else
    _awsbadge_unwatched "$@" || result=$?
  fi
  if [[ -n $evaluated ]]; then
    # Refresh even if no file seems changed: a login may have written one within the resolution of its timestamp. Add
    # the hook again in case it was removed.
    _awsbadge_until=0
    _awsbadge_hook
    if [[ -n $old ]] && \builtin test "$old" != "${AWS_PROFILE-}"; then _awsbadge_prev=$old; fi
    if [[ $- == *a* ]]; then \builtin export -n "${!_awsbadge_@}"; fi
    if (( BASH_SUBSHELL )); then
      \builtin printf '%s: this is a subshell, what is set here ends with it\n' "$_awsbadge_cmd" >&2
    fi
  fi
  case $options in *k*) \builtin set -k ;; esac
  case $options in *T*) \builtin set -T ;; esac
  case $options in *v*) \builtin set -v ;; esac
  case $options in *x*) \builtin set -x ;; esac
  \builtin return "$result"
}

# Runs with tracing off, and sets `evaluated`, a variable of the caller's caller.
_awsbadge_unwatched() {
  \builtin local out result
  out='' result=0
  out=$(_awsbadge_call exec "$@") || result=$?
  case $result:$out in
    0:'{ # awsbadge 1'$'\n'*$'\n}')
      if _awsbadge_fixed "$out"; then \builtin return 1; fi
      evaluated=1
      \builtin eval "$out" || result=1 ;;
    *) if [[ -n $out ]]; then \builtin printf '%s\n' "$out"; fi ;;
  esac
  \builtin return "$result"
}

# Whether the statements $1 change AWS_PROFILE and it is read-only. Then nothing may be changed: half of an identity is worse
# than none.
_awsbadge_fixed() {
  \builtin local kind
  case $1 in
    *' AWS_PROFILE'[=$'\n']*) ;;
    *) \builtin return 1 ;;
  esac
  if (( _awsbadge_version >= 404 )); then
    kind=${AWS_PROFILE+${AWS_PROFILE@a}}
  else
    kind=$(\builtin declare -p AWS_PROFILE 2>&-) || kind=
    kind=${kind#declare -}
    kind=${kind%% *}
  fi
  if [[ $kind != *r* ]]; then \builtin return 1; fi
  \builtin printf '%s: AWS_PROFILE is read-only; nothing was changed\n' "$_awsbadge_cmd" >&2
}

# `use` sets three variables to the same value, AWS_PROFILE last. If they differ, setting it failed.
_awsbadge_use() {
  \builtin local evaluated result
  evaluated='' result=0
  _awsbadge_eval use --shell bash --previous "$_awsbadge_prev" --own-region "$_awsbadge_region" "$@" || result=$?
  if [[ -n $evaluated ]] && \builtin test "${AWS_PROFILE-}" != "${AWS_DEFAULT_PROFILE-}"; then
    \builtin printf '%s: AWS_PROFILE could not be set: is it read-only?\n' "$_awsbadge_cmd" >&2
    result=1
  fi
  \builtin return "$result"
}

_awsbadge_clear() {
  \builtin local evaluated result
  evaluated='' result=0
  _awsbadge_eval clear --shell bash "$@" || result=$?
  if [[ -n $evaluated && -n ${AWS_PROFILE-} ]]; then
    \builtin printf '%s: AWS_PROFILE could not be unset: is it read-only?\n' "$_awsbadge_cmd" >&2
    result=1
  fi
  \builtin return "$result"
}

# Prints what the function $1 takes, if the next argument asks for it; fails if it does not.
_awsbadge_help() {
  case ${2-} in
    -h | --help)
      _awsbadge_call command __help "$1" --cmd "$_awsbadge_cmd"
      \builtin return 0 ;;
    *) \builtin return 1 ;;
  esac
}

_awsbadge_asp() {
  if _awsbadge_help asp "$@"; then \builtin return 0; fi
  \builtin local -a flags words config login
  \builtin local pick picked result
  pick='' picked='' result=0
  flags=() words=() config=() login=()
  while (( $# )); do
    case $1 in
      --pick) pick=1 ;;
      --force) login=(--force) ;;
      -p | --profile) ;;
      --config)
        config=(--config="${2-}")
        if (( $# > 1 )); then \builtin shift; fi ;;
      --config=*) config=("$1") ;;
      --region)
        flags+=("$1")
        if (( $# > 1 )); then flags+=("$2"); \builtin shift; fi ;;
      --)
        \builtin shift
        words+=("$@")
        \builtin break ;;
      -?*) flags+=("$1") ;;
      *) words+=("$1") ;;
    esac
    \builtin shift
  done
  if [[ -n $pick ]]; then
    picked=$(_awsbadge_call exec __pick ${config[@]+"${config[@]}"} ${words[@]+"${words[@]}"}) || \builtin return
    if [[ -z $picked ]]; then \builtin return 130; fi
    words=("$picked")
  fi
  flags=(${config[@]+"${config[@]}"} ${flags[@]+"${flags[@]}"})
  if [[ -z ${words[0]-} && ${#words[@]} -lt 2 && ${#flags[@]} -eq 0 ]]; then
    _awsbadge_clear || \builtin return
    \builtin printf 'AWS profile cleared.\n'
    \builtin return 0
  fi
  case ${words[1]-} in
    login)
      _awsbadge_call command login ${config[@]+"${config[@]}"} ${login[@]+"${login[@]}"} ${words[2]:+"--session=${words[2]}"} -- "${words[0]}" || \builtin return
      _awsbadge_use ${flags[@]+"${flags[@]}"} -- "${words[0]}" || result=$? ;;
    logout)
      _awsbadge_use ${flags[@]+"${flags[@]}"} -- "${words[0]}" || \builtin return
      _awsbadge_call command logout -- "${words[0]}" || result=$? ;;
    *)
      if (( ${#words[@]} )); then flags+=(-- "${words[@]}"); fi
      _awsbadge_use "${flags[@]}" || result=$? ;;
  esac
  _awsbadge_until=0
  \builtin return "$result"
}

_awsbadge_asr() {
  if _awsbadge_help asr "$@"; then \builtin return 0; fi
  \builtin local evaluated
  evaluated=''
  _awsbadge_eval region --shell bash "$@" || \builtin return
  if [[ -n $evaluated && -z ${1-} ]]; then \builtin printf 'AWS region cleared.\n'; fi
}

_awsbadge_agp() {
  if _awsbadge_help agp "$@"; then \builtin return 0; fi
  \builtin printf '%s\n' "${AWS_PROFILE-}"
}

# The region in effect. Without a profile it is only the variable's, as in oh-my-zsh's plugin.
_awsbadge_agr() {
  if _awsbadge_help agr "$@"; then \builtin return 0; fi
  if [[ -z ${AWS_REGION-} && -n ${AWS_PROFILE-} ]]; then
    _awsbadge_call command region --show
    \builtin return
  fi
  \builtin printf '%s\n' "${AWS_REGION-}"
}

_awsbadge_acp() {
  if _awsbadge_help acp "$@"; then \builtin return 0; fi
  \builtin local evaluated result
  evaluated='' result=0
  if [[ -n ${1-} ]]; then
    _awsbadge_eval export --format bash "$@" || result=$?
    \builtin return "$result"
  fi
  _awsbadge_clear --keys || \builtin return
  \builtin printf 'AWS profile cleared.\n'
}

# Parses the word under the cursor from the command line, because bash splits its own words at `:` and `=`. Sets the
# caller's `raw` (as typed), `value` (unquoted), `quote` (the open quote), `index` (number of the word), `words` (the words
# before it) and `places` (where each of those begins in the line).
_awsbadge_word() {
  \builtin local line char i
  line="${COMP_LINE:0:COMP_POINT}"
  raw='' value='' quote='' index=0 words=() places=()
  for (( i = 0; i < ${#line}; i++ )); do
    char=${line:i:1}
    # A space before the character means that no quote is open.
    case ${quote:- }$char in
      \'\' | \"\") quote='' raw=$raw$char ;;
      \"\\ | ' '\\)
        i=$(( i + 1 ))
        raw=$raw$char${line:i:1} value=$value${line:i:1} ;;
      ' '[\'\"]) quote=$char raw=$raw$char ;;
      ' '[$' \t\n'])
        if [[ -n $raw ]]; then index=$(( index + 1 )) words+=("$value") places+=($(( i - ${#raw} ))); fi
        raw='' value='' ;;
      ' '[\;\&\|\(])
        index=0 raw='' value='' words=() places=() ;;
      *) raw=$raw$char value=$value$char ;;
    esac
  done
}

# Offers the names of a kind ($1: profiles, regions) that begin with `value`, or else those that contain it, in the quotes
# that the word began with. `$2` is the part of the word that bash replaces, `$3` the text before the name in the word.
# Other arguments go to the binary.
_awsbadge_offer() {
  \builtin local name about names part width common i
  \builtin local -a abouts others other_abouts
  part='' width=0 abouts=() others=() other_abouts=()
  names=$(_awsbadge_call exec __names "$1" "${@:4}") || \builtin return 0
  while IFS=$'\t' \builtin read -r name about; do
    if [[ "${name:0:${#value}}" == "$value" ]]; then
      _awsbadge_add "$2" "$3"
    elif [[ $name == *"$value"* ]]; then
      others+=("$name") other_abouts+=("$about")
    fi
  done <<< "$names"
  if (( ${#COMPREPLY[@]} == 0 )); then
    for (( i = 0; i < ${#others[@]}; i++ )); do
      name=${others[i]} about=${other_abouts[i]} part=1
      _awsbadge_add "$2" "$3"
    done
  fi
  # Menu completion (37, 42) would insert the descriptions.
  if (( ${#COMPREPLY[@]} < 2 )) || [[ ${COMP_TYPE-} == 37 || ${COMP_TYPE-} == 42 ]]; then \builtin return 0; fi
  common=${COMPREPLY[0]}
  for name in "${COMPREPLY[@]}"; do
    if (( ${#name} > width )); then width=${#name}; fi
    while [[ $name != "$common"* ]]; do common=${common%?}; done
  done
  # In quotes, the space before a description may look like part of a longer name.
  if [[ -z $quote || ${COMPREPLY[*]/ /} == "${COMPREPLY[*]}" ]]; then
    for (( i = 0; i < ${#COMPREPLY[@]}; i++ )); do
      if [[ -n ${abouts[i]-} ]]; then
        \builtin printf -v about '%s%*s  -- %s' "${COMPREPLY[i]}" $(( width - ${#COMPREPLY[i]} )) '' "${abouts[i]}"
        COMPREPLY[i]=$about
      fi
    done
  fi
  # bash replaces the word by what all matches begin with. That may be less than was typed; a blank one prevents it.
  if [[ -n $part && $common != *"$value"* ]]; then COMPREPLY+=(' '); fi
}

# Adds the caller's `name` with its `about`, if it can be inserted.
_awsbadge_add() {
  \builtin local count
  count=${#COMPREPLY[@]}
  _awsbadge_insert "$name" "$1" "$2"
  if (( ${#COMPREPLY[@]} > count )); then abouts+=("$about"); fi
}

# Adds the word $1 if it begins with `value`.
_awsbadge_candidate() {
  if [[ -n $1 && "${1:0:${#value}}" == "$value" ]]; then _awsbadge_insert "$@"; fi
}

# Adds the word $1 to the matches, quoted as the word on the command line. See `_awsbadge_offer`.
_awsbadge_insert() {
  \builtin local name replaced whole kept
  name="$1" replaced="$2"
  if [[ -z $name ]]; then \builtin return 0; fi
  case $quote in
    \')
      name=${name//\'/\'\\\'\'}
      COMPREPLY+=("$name") ;;
    \")
      name=${name//\\/\\\\} name=${name//\"/\\\"} name=${name//\$/\\\$} name=${name//\`/\\\`}
      COMPREPLY+=("$name") ;;
    *)
      \builtin printf -v whole %q "$name"
      # bash 3.2 does not quote a leading ~.
      if [[ $whole == '~'* ]]; then whole="\\$whole"; fi
      whole=$3$whole
      # bash keeps the text before the part that it replaces.
      kept=${raw%"$replaced"}
      if [[ $whole == "$kept"* ]]; then COMPREPLY+=("${whole#"$kept"}"); fi ;;
  esac
}

_awsbadge_complete_asp() {
  \builtin local raw value quote index words places name i last
  last=''
  \builtin local -a config typed
  COMPREPLY=() config=() typed=()
  _awsbadge_word
  for (( i = 1; i < index; i++ )); do
    last=${words[i]}
    case $last in
      --region) i=$(( i + 1 )) ;;
      --config)
        config=(--config "${words[i + 1]-}")
        i=$(( i + 1 )) ;;
      -?*) ;;
      *) typed+=("$last") ;;
    esac
  done
  # At the value of an option: the loop went past the words.
  if (( index && i > index )); then
    case $last in
      --region) _awsbadge_offer regions "$2" '' ;;
      *) _awsbadge_offer configs "$2" '' ;;
    esac
  elif [[ $value == --* ]]; then
    for name in --region --pick --config --keep-keys --yes --help; do _awsbadge_candidate "$name" "$2" ''; done
  elif (( index && ${#typed[@]} == 0 )); then
    _awsbadge_offer profiles "$2" '' ${config[@]+"${config[@]}"}
  elif (( ${#typed[@]} == 1 )); then
    _awsbadge_candidate login "$2" ''
    _awsbadge_candidate logout "$2" ''
  elif (( ${#typed[@]} == 2 )) && \builtin test "${typed[1]}" = login; then
    _awsbadge_offer sessions "$2" ''
  fi
}

_awsbadge_complete_profile() {
  \builtin local raw value quote index words places
  COMPREPLY=()
  _awsbadge_word
  if (( index == 1 )); then _awsbadge_offer profiles "$2" ''; fi
}

# Completes `awsbadge` itself.
_awsbadge_complete_awsbadge() {
  \builtin local raw value quote index words places i named names name
  COMPREPLY=() named=''
  _awsbadge_word
  if \builtin test "${words[1]-}" = exec; then
    # Find the command after the options and the profile.
    for (( i = 2; i < index; i++ )); do
      case ${words[i]} in
        --)
          if [[ -n $named ]]; then named=2; fi ;;
        --region) i=$(( i + 1 )) ;;
        -?*) ;;
        *)
          if [[ -n $named ]]; then
            _awsbadge_other "$i" "$@"
            \builtin return
          fi
          named=1 ;;
      esac
      # What follows `--` is the command, even if it looks like an option.
      if [[ $named == 2 ]] && (( i + 1 < index )); then
        _awsbadge_other $(( i + 1 )) "$@"
        \builtin return
      fi
    done
    if [[ -n $named ]] && (( i == index )) && [[ $named == 2 || $value != -* ]]; then
      names=$(\builtin compgen -c -- "$value")
      while IFS= \builtin read -r name; do _awsbadge_candidate "$name" "$2" ''; done <<< "$names"
      \builtin return 0
    fi
  fi
  if (( index )); then _awsbadge_offer words "$2" '' -- "${words[@]:1}" "$value"; fi
}

# Completes the arguments of another command, which is the word with the number $1, as if nothing was before it. The other
# arguments are those of a completion function.
_awsbadge_other() {
  \builtin local line point name spec next count length text number i
  \builtin local -a cut
  line=${COMP_LINE:${places[$1]}} point=$(( COMP_POINT - ${places[$1]} )) name=${words[$1]##*/} length=0
  # bash splits its words at `:` and `=` too, so count characters.
  for (( i = 0; i < $1; i++ )); do
    text=${COMP_LINE:${places[i]}:places[i + 1] - places[i]}
    text=${text%"${text##*[!$' \t\n']}"}
    length=$(( length + ${#text} ))
  done
  for (( i = 0, count = 0; i < ${#COMP_WORDS[@]} && count < length; i++ )); do
    count=$(( count + ${#COMP_WORDS[i]} ))
  done
  cut=("${COMP_WORDS[@]:i}") number=$(( COMP_CWORD - i ))
  \builtin local COMP_LINE COMP_POINT COMP_CWORD
  \builtin local -a COMP_WORDS
  COMP_LINE=$line COMP_POINT=$point COMP_CWORD=$number COMP_WORDS=("${cut[@]}")
  spec=$(\builtin complete -p -- "$name" 2>&-)
  if [[ -z $spec ]]; then
    _awsbadge_load "$name"
    spec=$(\builtin complete -p -- "$name" 2>&-)
  fi
  for next in nospace filenames default bashdefault; do
    if [[ $spec == *" -o $next "* ]]; then \builtin compopt -o "$next" 2>&-; fi
  done
  case $spec in
    *' -F '*)
      next=${spec##*-F }
      "${next%% *}" "$name" "$3" "$4" ;;
    *' -C '*)
      next=${spec##*-C }
      \builtin eval "next=${next%" $name"}"
      _awsbadge_program "$next" "$name" "$3" "$4" ;;
    *)
      if (( BASH_VERSINFO[0] >= 4 )); then \builtin compopt -o filenames 2>&-; fi
      while IFS= \builtin read -r name; do
        if [[ -n $name ]]; then COMPREPLY+=("$name"); fi
      done <<< "$(\builtin compgen -f -- "$3")" ;;
  esac
}

# Completes with a program, as `complete -C` does. $1 is the command, then come the arguments of a completion function.
_awsbadge_program() {
  \builtin local out line
  out=$(
    \builtin export COMP_LINE COMP_POINT COMP_KEY COMP_TYPE
    \builtin eval "$1 \"\$2\" \"\$3\" \"\$4\"" 2>/dev/null
  )
  while IFS= \builtin read -r line; do
    if [[ -n $line ]]; then COMPREPLY+=("$line"); fi
  done <<< "$out"
}

# Adds the names of profiles to the completion of the AWS CLI.
_awsbadge_complete_aws() {
  \builtin local raw value quote index words places
  COMPREPLY=()
  _awsbadge_word
  if (( index > 1 )) && \builtin test "${words[index - 1]}" = --profile; then
    _awsbadge_offer profiles "$2" ''
  elif [[ $value == --profile=* ]]; then
    value=${value#*=}
    _awsbadge_offer profiles "$2" --profile=
  fi
  if (( ${#COMPREPLY[@]} == 0 )); then _awsbadge_pass "$@"; fi
}

_awsbadge_aws_program() {
  _awsbadge_program "${_awsbadge_program_aws-}" "$@"
}

_awsbadge_complete_region() {
  \builtin local raw value quote index words places
  COMPREPLY=()
  _awsbadge_word
  if (( index == 1 )); then _awsbadge_offer regions "$2" ''; fi
}

# Completes `export AWS_PROFILE=<Tab>`. bash has no completion for an assignment before a command.
_awsbadge_complete_export() {
  \builtin local raw value quote index words places before
  COMPREPLY=()
  _awsbadge_word
  case $value in
    AWS_PROFILE=* | AWS_DEFAULT_PROFILE=* | AWS_REGION=* | AWS_DEFAULT_REGION=*)
      before=${value%%=*}= value=${value#*=}
      case $before in
        *PROFILE=) _awsbadge_offer profiles "$2" "$before" ;;
        *) _awsbadge_offer regions "$2" "$before" ;;
      esac ;;
    *) _awsbadge_pass "$@" ;;
  esac
}

# Loads the completion of `$1` that bash-completion has for it.
_awsbadge_load() {
  if \builtin declare -F _comp_load >/dev/null; then
    _comp_load -- "$1" 2>/dev/null
  elif \builtin declare -F _completion_loader >/dev/null; then
    _completion_loader "$1" 2>/dev/null
  fi
}

# Completes other words of `$1` with its previous function, or the one that bash-completion loads.
_awsbadge_pass() {
  \builtin local name
  name=_awsbadge_next_$1
  if [[ -z ${!name-} && " $_awsbadge_chained " != *" $1 "* ]]; then
    _awsbadge_chained="$_awsbadge_chained $1"
    if \builtin declare -F _comp_load >/dev/null || \builtin declare -F _completion_loader >/dev/null; then
      \builtin complete -r "$1"
      _awsbadge_load "$1"
    fi
    _awsbadge_chain "$1"
  fi
  if [[ -n ${!name-} ]]; then "${!name}" "$@"; fi
}

# Replaces the completion function of `$1`, and remembers the previous one. Called again at each refresh for `aws`, whose
# own completion may be loaded later.
_awsbadge_chain() {
  \builtin local spec next own
  own=_awsbadge_complete_export
  if [[ $1 == aws ]]; then own=_awsbadge_complete_aws; fi
  # Check first: only reading the completion costs a process.
  if ! \builtin complete -p "$1" >/dev/null 2>&1; then
    \builtin complete -o bashdefault -o default -F "$own" "$1"
    \builtin return 0
  fi
  spec=$(\builtin complete -p "$1")
  case $spec in
    *" -F _awsbadge_"*) ;;
    *' -F '*)
      next=${spec##*-F }
      next=${next%% *}
      \builtin printf -v "_awsbadge_next_$1" %s "$next"
      \builtin eval "\\builtin ${spec/-F $next/-F $own}" ;;
    *' -C '*)
      # Only the AWS CLI's completer is one. bash has quoted it.
      if [[ $1 != aws ]]; then \builtin return 0; fi
      next=${spec##*-C }
      \builtin eval "_awsbadge_program_aws=${next% aws}"
      _awsbadge_next_aws=_awsbadge_aws_program
      \builtin eval "\\builtin ${spec%-C *}-F $own aws" ;;
  esac
}

_awsbadge_init

if [[ -n ${_awsbadge_allexport-} ]]; then
  \builtin unset -v _awsbadge_allexport
  \builtin set -a
fi

fi
