# awsbadge for zsh 5.1 and newer: updates AWSBADGE and AWSBADGE_CLASS before each prompt, and switches profiles.
#
# Between two refreshes the hook starts no process: it compares the environment, the clock, and the files that the last
# answer listed (ARCHITECTURE.md, "The exchange between hook and binary"). Every builtin is written as \builtin, because
# the user's aliases apply when this file is parsed, and functions may shadow any builtin. All functions run with zsh's
# default options, whatever the user has set: they use `emulate -L` or are defined with `emulate -c`.

if [[ -o interactive ]]; then # Not indented: the rest of the file is this branch.

function _awsbadge_init {
  \builtin emulate -L zsh -o no_xtrace
  \builtin typeset -g +x _awsbadge_bin=${_awsbadge_bin:-awsbadge} _awsbadge_cmd=${_awsbadge_cmd:-asp} \
    _awsbadge_prompt=${_awsbadge_prompt-} _awsbadge_export=${_awsbadge_export-} _awsbadge_omz=${_awsbadge_omz-} \
    _awsbadge_live=${_awsbadge_live-} _awsbadge_psvar=${_awsbadge_psvar-} _awsbadge_warn=${_awsbadge_warn-} \
    _awsbadge_prev=${_awsbadge_prev-} _awsbadge_region=${_awsbadge_region-}
  \builtin typeset -g +x _awsbadge_key= _awsbadge_stat= _awsbadge_same= _awsbadge_same_drawn= _awsbadge_id=$$.$RANDOM \
    _awsbadge_pane=none _awsbadge_slot= _awsbadge_ref= _awsbadge_drawn= _awsbadge_text= \
    _awsbadge_class= _awsbadge_state= _awsbadge_v= _awsbadge_still= _awsbadge_told=1
  # For switches by directory: the profile that this shell began with, and the place of the last switch (four lines).
  \builtin typeset -g +x _awsbadge_inherited=${_awsbadge_inherited-${AWS_PROFILE-${AWS_DEFAULT_PROFILE-}}} \
    _awsbadge_dir=${_awsbadge_dir-$'\n\n\n'}
  # _awsbadge_until=0: the next prompt asks the binary.
  \builtin typeset -gi +x _awsbadge_at=0 _awsbadge_until=0
  # The variables that the badge always depends on: those compared by value, and secrets, for which only "has a value"
  # is compared. `init` prints both lists from the binary's table of variables. If this file is sourced directly, it
  # reads the lists from the output of `init`.
  \builtin typeset -ga _awsbadge_values _awsbadge_secrets _awsbadge_env _awsbadge_times _awsbadge_inodes _awsbadge_sizes
  if (( ! $#_awsbadge_values )); then
    \builtin local -a lists
    lists=("${(@f)$(\builtin command "$_awsbadge_bin" init zsh 2>/dev/null)}")
    \builtin eval "${(F)${(M)lists:#_awsbadge_(values|secrets)=\(*\)}}"
  fi
  # `-v` exists in zsh 5.3 and newer.
  if \builtin eval '[[ -v _awsbadge_v ]]' 2>/dev/null; then _awsbadge_v=1; fi
  # The clock if EPOCHSECONDS is missing: there is no such module, or the variable was unset.
  \builtin typeset -g +x _awsbadge_clock='%D{%s}'
  \builtin zmodload -F zsh/datetime p:EPOCHSECONDS 2>/dev/null
  # -F loads only zstat, so that `stat` remains the external command.
  if \builtin zmodload -F zsh/stat b:zstat 2>/dev/null; then _awsbadge_stat=1; fi
  # The format of a file's time, with nanoseconds if this zsh supports them. It is a date in UTC, because seconds since
  # 1970 would make zsh read /etc/localtime twice.
  \builtin typeset -g +x _awsbadge_time='%j%T'
  if [[ -n $_awsbadge_stat ]]; then
    \builtin zstat -g -A _awsbadge_times -F '%9.' +ctime -- / /dev "${HOME:-/}" 2>/dev/null
    if [[ "${(j::)_awsbadge_times}" == <-> && "${(j::)_awsbadge_times}" == *[^0]* ]]; then _awsbadge_time+='%9.'; fi
  fi
  if [[ -n $_awsbadge_live ]] && ! \builtin zmodload zsh/sched 2>/dev/null; then _awsbadge_live=; fi

  # Variables exported by a parent shell describe the parent.
  \builtin local prefix name
  for prefix in '' POSH_; do
    for name in '' _CLASS _OK _WARN _EXPIRED _PROD _UNKNOWN; do
      # A read-only one stays as it is.
      if [[ ${(tP)${:-${prefix}AWSBADGE$name}} != *readonly* ]]; then \builtin unset -- "${prefix}AWSBADGE$name"; fi
    done
  done

  if [[ -n $_awsbadge_psvar || -n $_awsbadge_prompt ]]; then
    _awsbadge_slot=${_awsbadge_psvar:-97}
    _awsbadge_reference
    _awsbadge_fill
  fi
  # Before the first refresh there is nothing to compare with.
  _awsbadge_same='\builtin false'
  _awsbadge_compile
  _awsbadge_hook
  if [[ -n $_awsbadge_warn ]]; then
    \builtin typeset -ga preexec_functions
    preexec_functions=("${(@)preexec_functions:#_awsbadge_preexec}" _awsbadge_preexec)
  fi

  \builtin local short=$_awsbadge_cmd long=$_awsbadge_cmd
  if [[ $short == asp ]]; then
    long=a short=as
    _awsbadge_define asp _awsbadge_asp
  else
    _awsbadge_define $long _awsbadge_asp
  fi
  _awsbadge_define ${short}r _awsbadge_asr
  _awsbadge_define ${long}gp _awsbadge_agp
  _awsbadge_define ${long}gr _awsbadge_agr
  _awsbadge_define ${long}cp _awsbadge_acp
  if [[ -n $_awsbadge_omz ]]; then
    _awsbadge_define aws_prompt_info _awsbadge_omz_prompt
    _awsbadge_define aws_profiles _awsbadge_omz_profiles
    _awsbadge_define aws_regions _awsbadge_omz_regions
  fi
  if [[ -n ${_comps+1} ]]; then _awsbadge_register; fi
}

# An alias with the same name would take precedence over the function.
function _awsbadge_define {
  if [[ $1 == *[^A-Za-z0-9_.-]* ]]; then \builtin return 0; fi
  \builtin unalias -- $1 2>/dev/null
  \builtin eval "function $1 { $2 \"\$@\" }"
}

# Adds the hook after the hooks that change the environment and before the themes that read AWSBADGE. With --prompt no
# theme reads it, so the hook comes last and sees every change. With --psvar a second hook comes last, in case a theme
# resets psvar in its own hook.
function _awsbadge_hook {
  \builtin typeset -ga precmd_functions
  \builtin local -a hooks wanted
  \builtin local -i i after=0
  hooks=("${(@)precmd_functions:#_awsbadge_(precmd|draw|percent)}")
  for (( i = 1; i <= $#hooks; i++ )); do
    if [[ -n $_awsbadge_prompt || $hooks[i] == *direnv* || $hooks[i] == _mise_hook* ]]; then after=i; fi
  done
  wanted=("${(@)hooks[1,after]}" _awsbadge_precmd "${(@)hooks[after+1,-1]}")
  if [[ -n $_awsbadge_slot && -z $_awsbadge_prompt ]]; then wanted+=(_awsbadge_draw); fi
  if [[ -n $_awsbadge_prompt ]]; then wanted+=(_awsbadge_percent); fi
  if [[ "${(pj:\0:)wanted}" != "${(pj:\0:)precmd_functions}" ]]; then precmd_functions=("${(@)wanted}"); fi
}

# Generates the condition that is true if nothing has changed. The expected values are literals in it, because a literal
# costs a tenth of a variable, and an unquoted word half of a quoted one. For a secret it only checks whether it has a
# value; `-n $NAME` would print the value in a trace.
function _awsbadge_compare {
  \builtin local name set unset clock=EPOCHSECONDS files= kinds= kind= found= zstat=zstat
  \builtin local -a same gone
  \builtin local -i i
  if [[ -z ${EPOCHSECONDS-} ]]; then clock='${(%)_awsbadge_clock}'; fi
  if [[ -n $_awsbadge_v ]]; then
    set='-v ' unset=
  else
    set='-n ${' unset='+1}'
  fi
  for name in $_awsbadge_values $_awsbadge_env; do
    if [[ -z ${(P)name+1} ]]; then
      gone+=($set$name$unset)
    else
      # An unset variable also compares equal to an empty string.
      if [[ -z ${(P)name} ]]; then same+=($set$name$unset); fi
      same+=("\$$name == ${(q-)${(P)name}}")
      # The type of a variable includes whether it is exported.
      kinds+="\${(t)$name-}"
    fi
  done
  for name in $_awsbadge_secrets; do
    if [[ -z ${(P)name+1} ]]; then
      gone+=($set$name$unset)
    else
      if [[ -n ${(P)name:+1} ]]; then same+=("-n \${$name:+1}"); else same+=("-z \${$name:+1}"); fi
      kinds+="\${(t)$name-}"
    fi
  done
  if [[ -n $kinds ]]; then
    \builtin eval "kind=\"$kinds\""
    same+=("$kinds == ${(q-)kind}")
  fi
  if (( $#gone )); then same+=("! ( ${(j: || :)gone} )"); fi

  if [[ ${AWSBADGE_WATCH-} != 0 ]]; then
    for name in "${(@)_awsbadge_x_absent}"; do same+=("! -e ${(q-)name}"); done
    if [[ -n $_awsbadge_stat ]]; then
      if (( $#_awsbadge_x_watch )); then
        # zstat prints an error for a missing file, and redirecting it costs as much as checking five files.
        for name in "${(@)_awsbadge_x_watch}"; do same+=("-e ${(q-)name}"); done
        if [[ $_awsbadge_time != *%9. ]]; then _awsbadge_x_times=("${(@)_awsbadge_x_times%?????????}"); fi
        # `\builtin` costs as much as checking one file.
        if [[ -n ${functions[zstat]+1} ]]; then zstat="\\builtin zstat"; fi
        name="-- ${(j: :)${(@q-)_awsbadge_x_watch}}"
        files+=" && $zstat -g -A _awsbadge_times -F $_awsbadge_time +ctime $name && $zstat -A _awsbadge_inodes +inode $name"
        found="\${(j:,:)_awsbadge_times},\${(j:,:)_awsbadge_inodes}"
        kind="${(j:,:)_awsbadge_x_times},${(j:,:)_awsbadge_x_inodes}"
        # A size cannot change without the change time, except within one second if times are in whole seconds.
        if [[ $_awsbadge_time != *%9. || -n ${(M)_awsbadge_x_times:#*000000000} ]]; then
          files+=" && $zstat -A _awsbadge_sizes +size $name"
          found+=",\${(j:,:)_awsbadge_sizes}"
          kind+=",${(j:,:)_awsbadge_x_sizes}"
        fi
        files+=" && [[ $found == ${(q-)kind} ]]"
      fi
    else
      for (( i = 1; i <= $#_awsbadge_x_watch; i++ )); do
        name=${(q-)_awsbadge_x_watch[i]}
        if [[ -n $_awsbadge_x_stamps[i] ]]; then
          same+=("! $name -nt ${(q-)_awsbadge_x_stamps[i]}" "! $name -ot ${(q-)_awsbadge_x_stamps[i]}")
        fi
        if [[ -n $_awsbadge_x_real[i] ]]; then same+=("$name -ef ${(q-)_awsbadge_x_real[i]}"); fi
        if (( ${_awsbadge_x_unreadable[(Ie)$_awsbadge_x_watch[i]]} )); then
          same+=("! -r $name")
        else
          same+=("-r $name")
        fi
      done
      for (( i = 1; i <= $#_awsbadge_x_directories; i++ )); do
        same+=("! ${(q-)_awsbadge_x_directories[i]} -nt ${(q-)_awsbadge_x_directory_stamps[i]}")
      done
    fi
  fi
  _awsbadge_same="(( $clock < _awsbadge_until && $clock >= _awsbadge_at )) && [[ ${(j: && :)same} ]]$files"
}

# Generates the hooks again: they compare, ask the binary if something differs, restore AWSBADGE if something else has
# changed it, and draw the badge. `emulate -c` costs
# half of `emulate -L` in the function, and without multibyte zsh parses variable names twice as fast. The status is 0,
# because any other would end a shell that has errexit set.
function _awsbadge_compile {
  \builtin local register draw= shown=
  # compinit may run after this file, and again later. It empties compprefuncs, and comparing an element of _comps would
  # cost as much as a twentieth of the hook.
  if [[ -n $_awsbadge_v ]]; then register='! -v _comps'; else register='-z ${_comps+1}'; fi
  register="; [[ -n \$compprefuncs || $register ]] || _awsbadge_register"
  if [[ ${(t)AWSBADGE} != *readonly* ]]; then
    shown="[[ \$AWSBADGE == ${(q-)_awsbadge_text} ]] || _awsbadge_put ${(q-)_awsbadge_text} ${(q-)_awsbadge_class}"
  fi
  if [[ -n $_awsbadge_slot ]]; then draw="[[ $_awsbadge_same_drawn ]] || _awsbadge_redraw"; fi
  if [[ -n $draw && -z $_awsbadge_prompt ]]; then
    \builtin emulate zsh -o no_xtrace -o no_verbose -o no_aliases -o no_multibyte -c "function _awsbadge_draw { $draw; }"
    draw=
  fi
  \builtin emulate zsh -o no_xtrace -o no_verbose -o no_aliases -o no_multibyte -c \
    "function _awsbadge_precmd { if $_awsbadge_same; then ${shown:-:}; else _awsbadge_refresh; fi$register${draw:+; $draw}; }"
}

# Asks the binary.
function _awsbadge_refresh {
  \builtin emulate -L zsh -o no_xtrace
  # A refresh in a subshell would be lost when the subshell exits.
  if (( ZSH_SUBSHELL )); then \builtin return 0; fi
  \builtin local now=${EPOCHSECONDS:-${(%)_awsbadge_clock}} was=$_awsbadge_key out= name
  \builtin local -a arguments
  _awsbadge_key=
  for name in $_awsbadge_values; do
    if [[ -n ${(P)name+1} ]]; then _awsbadge_key+="$name=${(qq)${(P)name}}"; fi
  done

  # Prepare for failure (no binary, no answer, an interrupt): the next attempt is in 30 seconds.
  \builtin local _awsbadge_x_text= _awsbadge_x_class= _awsbadge_x_state= _awsbadge_x_now= _awsbadge_x_until= \
    _awsbadge_x_say= _awsbadge_x_done=
  \builtin local -a _awsbadge_x_env _awsbadge_x_absent _awsbadge_x_watch _awsbadge_x_times _awsbadge_x_inodes \
    _awsbadge_x_sizes _awsbadge_x_stamps _awsbadge_x_real _awsbadge_x_unreadable _awsbadge_x_directories \
    _awsbadge_x_directory_stamps
  _awsbadge_at=$now _awsbadge_until=$(( now + 30 )) _awsbadge_env=()
  if [[ $_awsbadge_key != "$was" ]]; then _awsbadge_fail; fi
  _awsbadge_compare
  _awsbadge_compile

  if [[ -z $_awsbadge_stat ]]; then arguments=(--stamps $_awsbadge_id); fi
  if [[ -n ${AWS_PROFILE-} && ${(t)AWS_PROFILE} != *export* ]]; then arguments+=(--unexported "$AWS_PROFILE"); fi
  # Only a prompt switches by directory, and only what can be set.
  if [[ -z $_awsbadge_still && ${(t)AWS_PROFILE-} != *readonly* ]]; then
    arguments+=(--directory "$_awsbadge_cmd"$'\n'"$_awsbadge_region"$'\n'"$_awsbadge_dir"$'\n'"$_awsbadge_inherited")
  fi
  out=$(_awsbadge_call __refresh --shell zsh --proto 1 "${(@)arguments}" 2>&-)
  if [[ $out == '{ # awsbadge 1'$'\n'*$'\n}' ]]; then \builtin eval "$out"; fi
  if [[ $_awsbadge_x_done == 1 && $_awsbadge_x_until == <-> ]]; then
    _awsbadge_told=
    _awsbadge_put "$_awsbadge_x_text" "$_awsbadge_x_class"
    _awsbadge_state=$_awsbadge_x_state _awsbadge_until=$_awsbadge_x_until
    _awsbadge_env=("${(@)_awsbadge_x_env:#(*[^A-Za-z0-9_]*|[0-9]*|)}")
    _awsbadge_compare
  else
    _awsbadge_fail
    # Say once that the binary is missing if it was there before. Until it is back, the hook tries again every 30 seconds.
    if [[ -z $_awsbadge_told ]] && _awsbadge_missing; then
      _awsbadge_told=1
      \builtin print -ru2 -- "awsbadge: $_awsbadge_bin is missing; until it is back, the badge shows only the name of the profile"
    fi
  fi
  _awsbadge_compile

  _awsbadge_hook
  if [[ -n ${_comps+1} ]]; then _awsbadge_check; fi
  if [[ -n $_awsbadge_export && -n ${TMUX_PANE-} && $_awsbadge_pane != "=$_awsbadge_class:$_awsbadge_text" ]]; then _awsbadge_tmux; fi
  if [[ -n $_awsbadge_live ]]; then _awsbadge_schedule; fi
  if [[ -n $_awsbadge_x_say ]]; then
    if [[ -t 2 && -z ${NO_COLOR-} && ${TERM-} != dumb ]]; then _awsbadge_x_say=$'\e[2m'$_awsbadge_x_say$'\e[0m'; fi
    \builtin print -ru2 -- "$_awsbadge_x_say"
  fi
  # The next prompt switches if the directory has changed.
  if [[ -n $_awsbadge_still ]] && (( ${_awsbadge_env[(Ie)PWD]} )); then _awsbadge_until=0; fi
  \builtin return 0
}

# Runs the binary. A restricted shell forbids a slash in a command's name.
function _awsbadge_call {
  if [[ -o restricted ]]; then
    \builtin command "${_awsbadge_bin:t}" "$@"
  else
    \builtin command "$_awsbadge_bin" "$@"
  fi
}

# Whether the binary is missing.
function _awsbadge_missing {
  case $_awsbadge_bin in
    /*) [[ ! -x $_awsbadge_bin ]] ;;
    *) [[ -z $(\builtin whence -p -- "$_awsbadge_bin") ]] ;;
  esac
}

# The badge if the binary did not answer.
function _awsbadge_fail {
  if [[ -n ${AWS_PROFILE-} ]]; then
    _awsbadge_put "aws:${${AWS_PROFILE//[^A-Za-z0-9_.@:\/+=,-]/?}[1,40]} ?" unknown
  else
    _awsbadge_put '' ''
  fi
}

# The variables are set or unset, never empty: some prompt themes show the text around an empty variable.
function _awsbadge_put {
  _awsbadge_text=$1 _awsbadge_class=$2
  if [[ -n $_awsbadge_slot ]]; then _awsbadge_fill; fi
  # An error of an assignment would end the hook.
  if [[ ${(t)AWSBADGE}${(t)AWSBADGE_CLASS} == *readonly* ]]; then \builtin return 0; fi
  if [[ -z $1 ]]; then
    \builtin unset AWSBADGE AWSBADGE_CLASS
  else
    \builtin typeset -g AWSBADGE=$1 AWSBADGE_CLASS=$2
  fi
  if [[ -n $_awsbadge_export ]]; then
    \builtin local prefix name
    for prefix in '' POSH_; do
      for name in ok warn expired prod unknown; do
        if [[ -n $1 && $name == $2 ]]; then
          \builtin export "${prefix}AWSBADGE=$1" "${prefix}AWSBADGE_CLASS=$2" "${prefix}AWSBADGE_${(U)name}=$1"
        else
          \builtin unset "${prefix}AWSBADGE_${(U)name}"
        fi
      done
      if [[ -z $1 ]]; then \builtin unset "${prefix}AWSBADGE" "${prefix}AWSBADGE_CLASS"; fi
    done
  fi
}

# Sets an option of this tmux pane. `#` begins a style in tmux formats, so it is doubled. A `;` at the end would end the
# command.
function _awsbadge_tmux {
  \builtin local text=${_awsbadge_text//\#/##}
  if [[ $text == *\; ]]; then text=${text[1,-2]}\\\;; fi
  if [[ -n $_awsbadge_text ]]; then
    \builtin command tmux set-option -pt "$TMUX_PANE" @awsbadge "$text" \; \
      set-option -pt "$TMUX_PANE" @awsbadge_class "$_awsbadge_class" >/dev/null 2>&1
  else
    \builtin command tmux set-option -put "$TMUX_PANE" @awsbadge \; \
      set-option -put "$TMUX_PANE" @awsbadge_class >/dev/null 2>&1
  fi
  _awsbadge_pane="=$_awsbadge_class:$_awsbadge_text"
}

# The reference to the badge in the prompt: one psvar slot per class, at most one of them non-empty. It contains no
# value, and works with and without prompt_subst.
function _awsbadge_reference {
  \builtin local -i slot=$_awsbadge_slot
  \builtin local colour begin end
  _awsbadge_ref=
  for colour in 32 '30;43' 31 '97;41' 35; do
    begin= end=
    if [[ -z ${NO_COLOR-} && ${TERM-} != dumb ]]; then
      begin=$'%{\e['${colour}m%} end=$'%{\e[0m%}'
    fi
    _awsbadge_ref+="%(${slot}V.$begin%${slot}v$end .)"
    slot+=1
  done
}

# Fills the slots, and generates the condition that is true if the slot in use and the beginning of the prompt have not
# changed since.
function _awsbadge_fill {
  # The hook runs without multibyte, so lengths are in bytes.
  \builtin emulate -L zsh -o no_xtrace -o no_multibyte
  \builtin local -i slot=$_awsbadge_slot
  \builtin local class prompt=
  \builtin local -a same
  for class in ok warn expired prod unknown; do
    if [[ $class == $_awsbadge_class ]]; then
      psvar[slot]=$_awsbadge_text
      same+=("\$psvar[$slot] == ${(qq)_awsbadge_text}")
    else
      psvar[slot]=
    fi
    slot+=1
  done
  case $_awsbadge_prompt in
    left) prompt=PROMPT ;;
    right) prompt=RPROMPT ;;
  esac
  if [[ -n $prompt ]]; then same+=("-n ${(qq)_awsbadge_drawn} && \$${prompt}[1,$#_awsbadge_drawn] == ${(qq)_awsbadge_drawn}"); fi
  _awsbadge_same_drawn=${(j: && :)same:--n 1}
}

# Removes the reference from the prompt if zsh would show it literally. Not with the options of `emulate`: this looks at the
# user's.
function _awsbadge_percent {
  [[ -o promptpercent ]] || _awsbadge_undraw
}

function _awsbadge_undraw {
  \builtin emulate -L zsh -o no_xtrace
  case $_awsbadge_prompt in
    left) PROMPT=${PROMPT/"$_awsbadge_ref"} ;;
    right) RPROMPT=${RPROMPT/"$_awsbadge_ref"} ;;
  esac
  \builtin return 0
}

# Restores the slots and the reference in the prompt if a theme has replaced them.
function _awsbadge_redraw {
  \builtin emulate -L zsh -o no_xtrace
  \builtin local newlines before=
  case $_awsbadge_prompt in
    left)
      if [[ ${PROMPT-} != *"$_awsbadge_ref"* ]]; then
        # Many prompts begin with an empty line.
        newlines=${PROMPT%%[^$'\n']*}
        PROMPT=$newlines$_awsbadge_ref${PROMPT#"$newlines"}
      fi
      before=${PROMPT%%"$_awsbadge_ref"*} ;;
    right)
      if [[ ${RPROMPT-} != *"$_awsbadge_ref"* ]]; then RPROMPT=$_awsbadge_ref${RPROMPT-}; fi
      before=${RPROMPT%%"$_awsbadge_ref"*} ;;
  esac
  # Comparing long texts is slow: the text before the reference and the start of the reference are enough.
  _awsbadge_drawn=$before$_awsbadge_ref[1,6]
  _awsbadge_fill
  _awsbadge_compile
  \builtin return 0
}

# Whether the command line $1 runs a command of --warn with the profile of this shell. Quotes and separators are read as
# the shell reads them, as far as that is needed.
function _awsbadge_runs {
  \builtin emulate -L zsh -o no_xtrace
  \builtin local rest=$1$'\n' word= char= first=1 own=
  \builtin local special=$' \t\n;&|()<>`\'"\\'
  while [[ -n $rest ]]; do
    word+=${rest%%["$special"]*} rest=${rest#"${rest%%["$special"]*}"}
    char=$rest[1] rest=${rest[2,-1]}
    case $char in
      \' | \") word+=${rest%%"$char"*} rest=${rest#*"$char"} ;;
      \\) word+=$rest[1] rest=${rest[2,-1]} ;;
      *)
        if [[ -n $first ]]; then
          case $word in
            # This command has its own identity; the badge does not describe it.
            AWS_*PROFILE=* | AWS_*KEY*=* | AWS_*TOKEN*=* | AWS_*FILE=* | AWS_ROLE*=* | AWS_CONTAINER*=*) own=1 ;;
            '' | -* | *=* | '!' | '{' | sudo | command | exec | env | time | nohup | noglob | nocorrect | if | then | else | elif | \
              while | until | do) ;;
            *)
              first=
              if [[ -z $own && " $_awsbadge_warn " == *" ${word:t} "* ]]; then \builtin return 0; fi ;;
          esac
        fi
        word=
        case $char in [$'\n'';&|(`']) first=1 own= ;; esac ;;
    esac
  done
  \builtin return 1
}

# Warns before a command of --warn. $3 is the command line with aliases expanded.
function _awsbadge_preexec {
  \builtin emulate -L zsh -o no_xtrace
  \builtin local hint= on= off= _awsbadge_still=1
  _awsbadge_runs "$3" || \builtin return 0
  _awsbadge_precmd
  case $_awsbadge_state:${AWS_PROFILE-} in
    expired:*[^A-Za-z0-9_.@:/+=,-]* | no-login:*[^A-Za-z0-9_.@:/+=,-]*) ;;
    expired:* | no-login:*) hint="; \`$_awsbadge_cmd $AWS_PROFILE login\` logs in" ;;
  esac
  case $_awsbadge_class in
    expired) on=$'\e[31m' ;;
    prod) on=$'\e[97;41m' hint=': production' ;;
    *) \builtin return 0 ;;
  esac
  if [[ -t 2 && -z ${NO_COLOR-} && ${TERM-} != dumb ]]; then off=$'\e[0m'; else on=; fi
  \builtin print -ru2 -- "awsbadge: $on$_awsbadge_text$off$hint"
}

# Schedules one event for the second at which the text changes, or none if there is no badge.
function _awsbadge_schedule {
  \builtin local -i i
  for (( i = $#zsh_scheduled_events; i; i-- )); do
    if [[ $zsh_scheduled_events[i] == *:_awsbadge_tick ]]; then \builtin sched -$i; fi
  done
  if [[ -n $_awsbadge_text ]] && (( _awsbadge_until < 253402300799 )); then
    \builtin sched $(( _awsbadge_until > now ? _awsbadge_until : now + 1 )) _awsbadge_tick
  fi
}

# Runs while the line editor waits. It calls `zle reset-prompt` directly: a widget would become $LASTWIDGET, and a
# history search would lose its position (as it does anyway before zsh 5.8).
function _awsbadge_tick {
  \builtin local status_=$?
  \builtin emulate -L zsh -o no_xtrace
  \builtin local shown=$_awsbadge_class:$_awsbadge_text _awsbadge_still=1
  _awsbadge_precmd
  if [[ $shown != "$_awsbadge_class:$_awsbadge_text" ]]; then
    if \builtin zle; then \builtin zle reset-prompt; fi
  fi
  \builtin return $status_
}

# Runs the binary with the arguments, evaluates a block of statements and prints anything else (a --help). Tracing and
# the DEBUG trap are off inside this function, because both would show credentials.
function _awsbadge_eval {
  \builtin emulate -L zsh -o no_xtrace -o no_verbose
  \builtin trap - DEBUG
  \builtin local out
  \builtin local -i result=0
  if _awsbadge_missing; then
    \builtin print -ru2 -- "$_awsbadge_cmd: $_awsbadge_bin is missing"
    \builtin return 127
  fi
  out=$(_awsbadge_call "$@") || result=$?
  if (( result == 0 )) && [[ $out == '{ # awsbadge 1'$'\n'*$'\n}' ]]; then
    if _awsbadge_fixed "$out"; then \builtin return 1; fi
    \builtin local old=${AWS_PROFILE-}
    \builtin eval "$out" || result=1
    # Refresh even if no file seems changed: a login may have written one within the resolution of its timestamp. Add
    # the hook again in case it was removed.
    _awsbadge_until=0
    _awsbadge_hook
    if [[ -n $old && $old != "${AWS_PROFILE-}" ]]; then _awsbadge_prev=$old; fi
    if (( ZSH_SUBSHELL )); then
      \builtin print -ru2 -- "$_awsbadge_cmd: this is a subshell, what is set here ends with it"
    fi
    evaluated=1
  elif [[ -n $out ]]; then
    \builtin print -r -- "$out"
  fi
  \builtin return $result
}

# Whether the statements $1 change AWS_PROFILE and it is read-only. Then nothing may be changed: half of an identity is worse
# than none.
function _awsbadge_fixed {
  if [[ ${(t)AWS_PROFILE} != *readonly* || $1 != *' AWS_PROFILE'[=$'\n']* ]]; then \builtin return 1; fi
  \builtin print -ru2 -- "$_awsbadge_cmd: AWS_PROFILE is read-only; nothing was changed"
}

# `use` sets three variables to the same value, AWS_PROFILE last. If they differ, setting it failed.
function _awsbadge_use {
  \builtin local evaluated=
  \builtin local -i result=0
  _awsbadge_eval use --shell zsh --previous "$_awsbadge_prev" --own-region "$_awsbadge_region" "$@" || result=$?
  if [[ -n $evaluated && ( ${AWS_PROFILE-} != "${AWS_DEFAULT_PROFILE-}" || \
      -n ${AWS_PROFILE-} && ${(t)AWS_PROFILE} != *export* ) ]]; then
    \builtin print -ru2 -- "$_awsbadge_cmd: AWS_PROFILE could not be set: is it read-only?"
    result=1
  fi
  \builtin return $result
}

function _awsbadge_clear {
  \builtin local evaluated=
  \builtin local -i result=0
  _awsbadge_eval clear --shell zsh "$@" || result=$?
  if [[ -n $evaluated && -n ${AWS_PROFILE-} ]]; then
    \builtin print -ru2 -- "$_awsbadge_cmd: AWS_PROFILE could not be unset: is it read-only?"
    result=1
  fi
  \builtin return $result
}

# Prints what the function $1 takes, if the next argument asks for it; fails if it does not.
function _awsbadge_help {
  [[ ${2-} == -h || ${2-} == --help ]] || \builtin return 1
  _awsbadge_call __help "$1" --cmd "$_awsbadge_cmd"
  \builtin return 0
}

function _awsbadge_asp {
  \builtin emulate -L zsh -o no_xtrace
  if _awsbadge_help asp "$@"; then \builtin return 0; fi
  \builtin local -a flags words config login
  \builtin local pick=
  while (( $# )); do
    case $1 in
      --pick) pick=1 ;;
      --force) login+=(--force) ;;
      -p|--profile) ;;
      --config) config=(--config="${2-}"); if (( $# > 1 )); then \builtin shift; fi ;;
      --config=*) config=("$1") ;;
      --region) flags+=("$1"); if (( $# > 1 )); then flags+=("$2"); \builtin shift; fi ;;
      --) \builtin shift; words+=("$@"); \builtin break ;;
      -?*) flags+=("$1") ;;
      *) words+=("$1") ;;
    esac
    \builtin shift
  done
  if [[ -n $pick ]]; then
    words=("$(_awsbadge_call __pick "${(@)config}" "${(@)words}")") || \builtin return
    if [[ -z $words[1] ]]; then \builtin return 130; fi
  fi
  flags=("${(@)config}" "${(@)flags}")
  if [[ -z "$words" && $#flags -eq 0 ]]; then
    _awsbadge_clear || \builtin return
    \builtin print -r -- 'AWS profile cleared.'
    \builtin return 0
  fi
  case ${words[2]-} in
    login)
      _awsbadge_call login "${(@)config}" "${(@)login}" ${words[3]:+--session=$words[3]} -- "$words[1]" || \builtin return
      _awsbadge_use "${(@)flags}" -- "$words[1]" ;;
    logout)
      _awsbadge_use "${(@)flags}" -- "$words[1]" || \builtin return
      _awsbadge_call logout -- "$words[1]" ;;
    *)
      if (( $#words )); then flags+=(-- "${(@)words}"); fi
      _awsbadge_use "${(@)flags}" ;;
  esac
  \builtin local -i result=$?
  _awsbadge_until=0
  \builtin return $result
}

function _awsbadge_asr {
  \builtin emulate -L zsh -o no_xtrace
  if _awsbadge_help asr "$@"; then \builtin return 0; fi
  \builtin local evaluated=
  _awsbadge_eval region --shell zsh "$@" || \builtin return
  if [[ -n $evaluated && -z ${1-} ]]; then \builtin print -r -- 'AWS region cleared.'; fi
}

function _awsbadge_agp {
  if _awsbadge_help agp "$@"; then \builtin return 0; fi
  \builtin print -r -- "${AWS_PROFILE-}"
}

# The region in effect. Without a profile it is only the variable's, as in oh-my-zsh's plugin.
function _awsbadge_agr {
  if _awsbadge_help agr "$@"; then \builtin return 0; fi
  if [[ -z ${AWS_REGION-} && -n ${AWS_PROFILE-} ]]; then
    _awsbadge_call region --show
    \builtin return
  fi
  \builtin print -r -- "${AWS_REGION-}"
}

function _awsbadge_acp {
  \builtin emulate -L zsh -o no_xtrace
  if _awsbadge_help acp "$@"; then \builtin return 0; fi
  \builtin local evaluated=
  if [[ -n ${1-} ]]; then
    _awsbadge_eval export --format zsh "$@"
    \builtin return
  fi
  _awsbadge_clear --keys || \builtin return
  \builtin print -r -- 'AWS profile cleared.'
}

function _awsbadge_omz_prompt {
  \builtin emulate -L zsh
  \builtin local text= region=${AWS_REGION:-${AWS_DEFAULT_REGION:-${AWS_PROFILE_REGION-}}}
  if [[ -n ${AWS_PROFILE-} ]]; then
    text="${ZSH_THEME_AWS_PROFILE_PREFIX-<aws:}${AWS_PROFILE//\%/%%}${ZSH_THEME_AWS_PROFILE_SUFFIX->}"
  fi
  if [[ -n $region ]]; then
    text+="${text:+${ZSH_THEME_AWS_DIVIDER- }}${ZSH_THEME_AWS_REGION_PREFIX-<region:}${region//\%/%%}"
    text+="${ZSH_THEME_AWS_REGION_SUFFIX->}"
  fi
  \builtin print -r -- "$text"
}

function _awsbadge_omz_profiles {
  \builtin emulate -L zsh
  \builtin local -a names shown
  _awsbadge_names profiles
  \builtin print -rC1 -- "${(@)names}"
}

function _awsbadge_omz_regions {
  \builtin emulate -L zsh
  \builtin local -a names shown
  _awsbadge_names regions
  \builtin print -rC1 -- "${(@)names}"
}

# Fills the caller's `names` (what to insert) and `shown` (what to display).
function _awsbadge_names {
  \builtin local line about
  \builtin local -i width=0
  for line in "${(@f)$(_awsbadge_call __names "$@" 2>&-)}"; do
    if [[ -z $line ]]; then \builtin continue; fi
    names+=("${line%%$'\t'*}")
    shown+=("$line")
    if (( ${(m)#names[-1]} > width )); then width=${(m)#names[-1]}; fi
  done
  \builtin local -i i
  for (( i = 1; i <= $#shown; i++ )); do
    about=
    if [[ $shown[i] == *$'\t'?* ]]; then about="  -- ${shown[i]#*$'\t'}"; fi
    if [[ -n $about ]]; then shown[i]="${(mr:width:)names[i]}$about"; else shown[i]=$names[i]; fi
  done
}

# Offers profiles or regions: those that begin with the word, or else those that contain it. No emulate: this runs with the
# options of the completion system.
function _awsbadge_offer {
  \builtin local -a names shown expl
  _awsbadge_names "$@"
  if (( $#names )); then
    _wanted aws-$1 expl "AWS ${1%s}" compadd -l -d shown -a -- names ||
      _wanted aws-$1 expl "AWS ${1%s}" compadd -M 'l:|=* r:|=*' -l -d shown -a -- names
  fi
}

function _awsbadge_complete_asp {
  \builtin local -a actions config typed
  \builtin local -i i
  for (( i = 2; i < CURRENT; i++ )); do
    case $words[i] in
      --region) i+=1 ;;
      --config) config=(--config "${(Q)words[i+1]}") i+=1 ;;
      -?*) ;;
      *) typed+=("$words[i]") ;;
    esac
  done
  if [[ ${words[CURRENT-1]} == --region ]]; then
    _awsbadge_offer regions
  elif [[ ${words[CURRENT-1]} == --config ]]; then
    _awsbadge_offer configs
  elif [[ $PREFIX == --* ]]; then
    actions=('--region:set this region too' '--pick:pick from a list' '--config:use other AWS files' '--keep-keys:leave keys in the environment' \
      '--yes:switch to production without a question' '--help:show what asp takes')
    _describe -o -t options option actions
  elif (( $#typed == 0 )); then
    _awsbadge_offer profiles "${(@)config}"
  elif (( $#typed == 1 )); then
    actions=('login:log in, then switch' 'logout:switch, then log out')
    _describe -t actions action actions
  elif (( $#typed == 2 )) && [[ $typed[2] == login ]]; then
    _awsbadge_offer sessions
  fi
}

function _awsbadge_complete_profile {
  _awsbadge_offer profiles
}

# Completes `awsbadge` itself.
function _awsbadge_complete_awsbadge {
  \builtin local -i i end=0
  \builtin local named=
  # After `exec`, find the command after the options and the profile.
  if [[ $words[2] == exec ]]; then
    for (( i = 3; i <= CURRENT; i++ )); do
      if [[ $named == 2 ]]; then end=i; \builtin break; fi
      case $words[i] in
        --) if [[ -n $named ]]; then named=2; fi ;;
        --region) i+=1 ;;
        -?*) ;;
        *)
          if [[ -n $named ]]; then end=i; \builtin break; fi
          named=1 ;;
      esac
    done
  fi
  if (( end )); then
    # The same as after `exec` of the shell: as if nothing was before the command.
    \builtin shift $(( end - 1 )) words
    (( CURRENT -= end - 1 ))
    _normal
  else
    _awsbadge_offer words -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}"
  fi
}

# Adds the names of profiles to the completion of the AWS CLI. This is a pattern's function, so it runs before the AWS CLI's
# own completion, which may be loaded before or after this file, and replaces it only if there are names to offer.
function _awsbadge_complete_aws {
  if [[ $words[CURRENT-1] == --profile ]]; then
    _awsbadge_offer profiles || \builtin return
  elif [[ $PREFIX == --profile=* ]]; then
    \builtin local before=$IPREFIX word=$PREFIX
    compset -P '--profile='
    if ! _awsbadge_offer profiles; then
      IPREFIX=$before PREFIX=$word
      \builtin return 1
    fi
  else
    \builtin return 1
  fi
  _compskip=all
}

function _awsbadge_complete_region {
  _awsbadge_offer regions
}

# Before each completion, and at each refresh: whether _comps is still what it was. compinit may have read there what
# another shell left in the dump file, so one element has the id of this shell.
function _awsbadge_check {
  if [[ $_comps[_awsbadge] != ": $_awsbadge_id" ]]; then _awsbadge_register; fi
}

# zsh empties compprefuncs before it calls them.
function _awsbadge_before {
  compprefuncs+=(_awsbadge_before)
  _awsbadge_check
}

# Not by compdef: while zinit loads a plugin, its compdef only takes notes.
function _awsbadge_register {
  \builtin emulate -L zsh -o no_xtrace
  \builtin local short=$_awsbadge_cmd long=$_awsbadge_cmd name
  if [[ $short == asp ]]; then short=as long=a; fi
  \builtin typeset -ga compprefuncs
  compprefuncs=("${(@)compprefuncs:#_awsbadge_before}" _awsbadge_before)
  _comps+=(
    _awsbadge ": $_awsbadge_id" awsbadge _awsbadge_complete_awsbadge
    $_awsbadge_cmd _awsbadge_complete_asp ${short}r _awsbadge_complete_region ${long}cp _awsbadge_complete_profile
  )
  for name in AWS_PROFILE AWS_DEFAULT_PROFILE; do _comps[-value-,$name,-default-]=_awsbadge_complete_profile; done
  for name in AWS_REGION AWS_DEFAULT_REGION; do _comps[-value-,$name,-default-]=_awsbadge_complete_region; done
  _patcomps[aws]=_awsbadge_complete_aws
}

_awsbadge_init

fi
