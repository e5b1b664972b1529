# awsbadge for elvish 0.19 and newer: the badge at each prompt, and functions that switch profiles.
#
# elvish has neither a clock nor the times of files, so the program runs once before each prompt. It answers with one
# JSON object (ARCHITECTURE.md, "Statements to eval").

use re
use str

var _awsbadge_own = [&text='' &class='' &prev='' &region='' &dir="\n\n\n" &inherited='']
if (has-env AWS_PROFILE) {
  set _awsbadge_own[inherited] = $E:AWS_PROFILE
} elif (has-env AWS_DEFAULT_PROFILE) {
  set _awsbadge_own[inherited] = $E:AWS_DEFAULT_PROFILE
}
var _awsbadge_warned = $true
# Variables from a parent shell describe the parent.
for name [AWSBADGE AWSBADGE_CLASS AWSBADGE_OK AWSBADGE_WARN AWSBADGE_EXPIRED AWSBADGE_PROD AWSBADGE_UNKNOWN] {
  unset-env $name
}

fn _awsbadge_there { has-external $_awsbadge_bin }

# Sets and unsets what the program says, and keeps what the next call passes to it.
fn _awsbadge_apply {|answer|
  for name [(keys $answer[env])] {
    if (eq $answer[env][$name] $nil) { unset-env $name } else { set-env $name $answer[env][$name] }
  }
  for name [prev region dir inherited] {
    if (has-key $answer[own] $name) { set _awsbadge_own[$name] = $answer[own][$name] }
  }
}

# The exported variables are set or unset, never empty.
fn _awsbadge_put {
  var text class = $_awsbadge_own[text] $_awsbadge_own[class]
  for prefix ['' POSH_] {
    for row [['' $class] [_CLASS $class] [_OK ok] [_WARN warn] [_EXPIRED expired] [_PROD prod] [_UNKNOWN unknown]] {
      var name = $prefix''AWSBADGE''$row[0]
      if (or (eq $text '') (not-eq $row[1] $class)) {
        unset-env $name
      } elif (eq $row[0] _CLASS) {
        set-env $name $class
      } else {
        set-env $name $text
      }
    }
  }
}

fn _awsbadge_precmd {
  var o = $_awsbadge_own
  var answer = $nil
  try {
    set answer = ((external $_awsbadge_bin) __refresh --shell elvish --proto 1 --directory (str:join "\n" [$_awsbadge_cmd $o[region] $o[dir] $o[inherited]]) 2>/dev/null | from-json)
    _awsbadge_apply $answer
    set _awsbadge_own[text] = $answer[own][x_text]
    set _awsbadge_own[class] = $answer[own][x_class]
    set _awsbadge_warned = $false
    if (has-key $answer[own] x_say) { echo $answer[own][x_say] >&2 }
  } catch e {
    # No answer: the name of the profile.
    set _awsbadge_own[text] = ''
    if (and (has-env AWS_PROFILE) (not-eq $E:AWS_PROFILE '')) {
      set _awsbadge_own[text] = 'aws:'(re:replace '[^A-Za-z0-9_.@:/+=,-]' '?' $E:AWS_PROFILE)' ?'
      set _awsbadge_own[class] = unknown
    }
    if (not (or $_awsbadge_warned (_awsbadge_there))) {
      set _awsbadge_warned = $true
      echo 'awsbadge: '$_awsbadge_bin' is missing; until it is back, the badge shows only the name of the profile' >&2
    }
  }
  if (eq $_awsbadge_export 1) { _awsbadge_put }
}

# The badge in its colour.
fn _awsbadge_badge {
  var text = $_awsbadge_own[text]
  if (or (not-eq $E:NO_COLOR '') (eq $E:TERM dumb)) {
    put $text
  } else {
    var colours = [&ok=[green] &warn=[black bg-yellow] &expired=[red] &prod=[bright-white bg-red] &unknown=[magenta]]
    styled $text (all $colours[$_awsbadge_own[class]])
  }
}

# Runs the program, applies its answer, and prints anything else (a --help). Its failure is the function's.
fn _awsbadge_run {|@words|
  if (not (_awsbadge_there)) { fail $_awsbadge_cmd': '$_awsbadge_bin' is missing' }
  var old = $E:AWS_PROFILE
  var out = ((external $_awsbadge_bin) $@words | slurp)
  var answer = $nil
  try { set answer = (print $out | from-json) } catch e { }
  if (not (and (eq (kind-of $answer) map) (has-key $answer awsbadge))) {
    print $out
    return
  }
  _awsbadge_apply $answer
  if (not (or (eq $old '') (eq $old $E:AWS_PROFILE))) { set _awsbadge_own[prev] = $old }
}

fn _awsbadge_use {|@words|
  _awsbadge_run use --shell elvish --previous $_awsbadge_own[prev] --own-region $_awsbadge_own[region] $@words
}

fn _awsbadge_clear {|@words|
  _awsbadge_run clear --shell elvish $@words
  echo 'AWS profile cleared.'
}

# Whether the arguments ask for help, which is printed then, to the terminal.
fn _awsbadge_help {|name words|
  var asks = (and (> (count $words) 0) (has-value [-h --help] $words[0]))
  if $asks { (external $_awsbadge_bin) __help $name --cmd $_awsbadge_cmd >&2 }
  put (bool $asks)
}

fn _awsbadge_asp {|@rest|
  if (_awsbadge_help asp $rest) { return }
  var words flags config force pick = [] [] [] [] $false
  while (not-eq $rest []) {
    var word = $rest[0]
    set rest = $rest[1..]
    if (eq $word --) {
      set words = [$@words $@rest]
      break
    } elif (eq $word --pick) {
      set pick = $true
    } elif (eq $word --force) {
      set force = [--force]
    } elif (has-value [-p --profile] $word) {
      nop
    } elif (and (has-value [--config --region] $word) (not-eq $rest [])) {
      if (eq $word --config) { set config = [--config=$rest[0]] } else { set flags = [$@flags --region=$rest[0]] }
      set rest = $rest[1..]
    } elif (str:has-prefix $word --config=) {
      set config = [$word]
    } elif (and (str:has-prefix $word -) (not-eq $word -)) {
      set flags = [$@flags $word]
    } else {
      set words = [$@words $word]
    }
  }
  if $pick { set words = [((external $_awsbadge_bin) __pick $@config $@words)] }
  set flags = [$@config $@flags]
  if (eq [$@flags $@words] []) {
    _awsbadge_clear
  } elif (and (> (count $words) 1) (eq $words[1] login)) {
    var session = []
    if (> (count $words) 2) { set session = [--session=$words[2]] }
    (external $_awsbadge_bin) login $@config $@force $@session -- $words[0]
    _awsbadge_use $@flags -- $words[0]
  } elif (and (> (count $words) 1) (eq $words[1] logout)) {
    _awsbadge_use $@flags -- $words[0]
    (external $_awsbadge_bin) logout -- $words[0]
  } elif (eq $words []) {
    _awsbadge_use $@flags
  } else {
    _awsbadge_use $@flags -- $@words
  }
}

fn _awsbadge_asr {|@words|
  if (_awsbadge_help asr $words) { return }
  _awsbadge_run region --shell elvish $@words
  if (eq $words []) { echo 'AWS region cleared.' }
}

fn _awsbadge_agp {|@words| if (not (_awsbadge_help agp $words)) { echo $E:AWS_PROFILE } }

fn _awsbadge_agr {|@words|
  if (_awsbadge_help agr $words) { return }
  if (and (eq $E:AWS_REGION '') (not-eq $E:AWS_PROFILE '')) {
    (external $_awsbadge_bin) region --show
  } else {
    echo $E:AWS_REGION
  }
}

fn _awsbadge_acp {|@words|
  if (_awsbadge_help acp $words) { return }
  if (eq $words []) { _awsbadge_clear --keys } else { _awsbadge_run export --format elvish $@words }
}

# Names as candidates. elvish quotes them.
fn _awsbadge_names {|@words|
  try {
    (external $_awsbadge_bin) __names $@words 2>/dev/null | each {|line|
      var name about = (str:split &max=2 "\t" $line)
      if (eq $about '') {
        put $name
      } else {
        edit:complex-candidate $name &display=$name'  '(styled $about bright-black)
      }
    }
  } catch e { }
}

fn _awsbadge_complete_asp {|@words|
  var before = $words[-2]
  if (eq $before --region) {
    _awsbadge_names regions
  } elif (eq $before --config) {
    _awsbadge_names configs
  } elif (eq $before login) {
    _awsbadge_names sessions
  } elif (or (eq (count $words) (num 2)) (str:has-prefix $before -)) {
    _awsbadge_names profiles
  } else {
    put login logout
  }
}

var _awsbadge_short _awsbadge_long = as a
if (not-eq $_awsbadge_cmd asp) {
  set _awsbadge_short _awsbadge_long = $_awsbadge_cmd $_awsbadge_cmd
}
edit:add-vars [
  &$_awsbadge_cmd'~'=$_awsbadge_asp~
  &$_awsbadge_short'r~'=$_awsbadge_asr~
  &$_awsbadge_long'gp~'=$_awsbadge_agp~
  &$_awsbadge_long'gr~'=$_awsbadge_agr~
  &$_awsbadge_long'cp~'=$_awsbadge_acp~
]
set edit:completion:arg-completer[$_awsbadge_cmd] = $_awsbadge_complete_asp~
set edit:completion:arg-completer[$_awsbadge_short'r'] = {|@words| _awsbadge_names regions }
set edit:completion:arg-completer[$_awsbadge_long'cp'] = {|@words| _awsbadge_names profiles }
set edit:completion:arg-completer[awsbadge] = {|@words| _awsbadge_names words -- (all $words[1..]) }

var _awsbadge_left = $edit:prompt
var _awsbadge_right = $edit:rprompt
var _awsbadge_draw_left = { if (not-eq $_awsbadge_own[text] '') { _awsbadge_badge; put ' ' }; $_awsbadge_left }
var _awsbadge_draw_right = { $_awsbadge_right; if (not-eq $_awsbadge_own[text] '') { put ' '; _awsbadge_badge } }

# Puts the badge into the prompt, again if a theme has replaced it.
fn _awsbadge_wrap {
  if (and (eq $_awsbadge_prompt left) (not-eq $edit:prompt $_awsbadge_draw_left)) {
    set _awsbadge_left = $edit:prompt
    set edit:prompt = $_awsbadge_draw_left
  } elif (and (eq $_awsbadge_prompt right) (not-eq $edit:rprompt $_awsbadge_draw_right)) {
    set _awsbadge_right = $edit:rprompt
    set edit:rprompt = $_awsbadge_draw_right
  }
}

set edit:before-readline = [$@edit:before-readline { _awsbadge_precmd; _awsbadge_wrap }]
