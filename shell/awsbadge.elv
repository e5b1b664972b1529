# awsbadge for elvish 0.19 and newer: the badge at each prompt, and functions that switch profiles.
#
# elvish has neither a clock nor the times of files, so the program runs once before each prompt. It answers with one
# JSON object (ARCHITECTURE.md, "Statements to eval").

use re
use str

var own = [&text='' &class='' &prev='' &region='' &dir="\n\n\n" &inherited='']
if (has-env AWS_PROFILE) {
  set own[inherited] = $E:AWS_PROFILE
} elif (has-env AWS_DEFAULT_PROFILE) {
  set own[inherited] = $E:AWS_DEFAULT_PROFILE
}
var warned = $true
# Variables from a parent shell describe the parent.
for name [AWSBADGE AWSBADGE_CLASS AWSBADGE_OK AWSBADGE_WARN AWSBADGE_EXPIRED AWSBADGE_PROD AWSBADGE_UNKNOWN] {
  unset-env $name
}

fn there { has-external $_awsbadge_bin }

# Sets and unsets what the program says, and keeps what the next call passes to it.
fn apply {|answer|
  for name [(keys $answer[env])] {
    if (eq $answer[env][$name] $nil) { unset-env $name } else { set-env $name $answer[env][$name] }
  }
  for name [prev region dir inherited] {
    if (has-key $answer[own] $name) { set own[$name] = $answer[own][$name] }
  }
}

# The exported variables are set or unset, never empty.
fn export_all {
  var text class = $own[text] $own[class]
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

fn precmd {
  var o = $own
  var answer = $nil
  try {
    set answer = ((external $_awsbadge_bin) __refresh --shell elvish --proto 1 --directory (str:join "\n" [$_awsbadge_cmd $o[region] $o[dir] $o[inherited]]) 2>/dev/null | from-json)
    apply $answer
    set own[text] = $answer[own][x_text]
    set own[class] = $answer[own][x_class]
    set warned = $false
    if (has-key $answer[own] x_say) { echo $answer[own][x_say] >&2 }
  } catch e {
    # No answer: the name of the profile.
    set own[text] = ''
    if (and (has-env AWS_PROFILE) (not-eq $E:AWS_PROFILE '')) {
      set own[text] = 'aws:'(re:replace '[^A-Za-z0-9_.@:/+=,-]' '?' $E:AWS_PROFILE)' ?'
      set own[class] = unknown
    }
    if (not (or $warned (there))) {
      set warned = $true
      echo 'awsbadge: '$_awsbadge_bin' is missing; until it is back, the badge shows only the name of the profile' >&2
    }
  }
  if (eq $_awsbadge_export 1) { export_all }
}

# The badge in its colour.
fn badge {
  var text = $own[text]
  if (or (not-eq $E:NO_COLOR '') (eq $E:TERM dumb)) {
    put $text
  } else {
    var colours = [&ok=[green] &warn=[black bg-yellow] &expired=[red] &prod=[bright-white bg-red] &unknown=[magenta]]
    styled $text (all $colours[$own[class]])
  }
}

# Runs the program, applies its answer, and prints anything else (a --help). Its failure is the function's.
fn run {|@words|
  if (not (there)) { fail $_awsbadge_cmd': '$_awsbadge_bin' is missing' }
  var old = $E:AWS_PROFILE
  var out = ((external $_awsbadge_bin) $@words | slurp)
  var answer = $nil
  try { set answer = (print $out | from-json) } catch e { }
  if (not (and (eq (kind-of $answer) map) (has-key $answer awsbadge))) {
    print $out
    return
  }
  apply $answer
  if (not (or (eq $old '') (eq $old $E:AWS_PROFILE))) { set own[prev] = $old }
}

fn switch {|@words|
  run use --shell elvish --previous $own[prev] --own-region $own[region] $@words
}

fn clear {|@words|
  run clear --shell elvish $@words
  echo 'AWS profile cleared.'
}

# Whether the arguments ask for help, which is printed then, to the terminal.
fn help {|name words|
  var asks = (and (> (count $words) 0) (has-value [-h --help] $words[0]))
  if $asks { (external $_awsbadge_bin) __help $name --cmd $_awsbadge_cmd >&2 }
  put (bool $asks)
}

fn asp {|@rest|
  if (help asp $rest) { return }
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
    clear
  } elif (and (> (count $words) 1) (eq $words[1] login)) {
    var session = []
    if (> (count $words) 2) { set session = [--session=$words[2]] }
    (external $_awsbadge_bin) login $@config $@force $@session -- $words[0]
    switch $@flags -- $words[0]
  } elif (and (> (count $words) 1) (eq $words[1] logout)) {
    switch $@flags -- $words[0]
    (external $_awsbadge_bin) logout -- $words[0]
  } elif (eq $words []) {
    switch $@flags
  } else {
    switch $@flags -- $@words
  }
}

fn asr {|@words|
  if (help asr $words) { return }
  run region --shell elvish $@words
  if (eq $words []) { echo 'AWS region cleared.' }
}

fn agp {|@words| if (not (help agp $words)) { echo $E:AWS_PROFILE } }

fn agr {|@words|
  if (help agr $words) { return }
  if (and (eq $E:AWS_REGION '') (not-eq $E:AWS_PROFILE '')) {
    (external $_awsbadge_bin) region --show
  } else {
    echo $E:AWS_REGION
  }
}

fn acp {|@words|
  if (help acp $words) { return }
  if (eq $words []) { clear --keys } else { run export --format elvish $@words }
}

# Names as candidates. elvish quotes them.
fn names {|@words|
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

fn complete_asp {|@words|
  var before = $words[-2]
  if (eq $before --region) {
    names regions
  } elif (eq $before --config) {
    names configs
  } elif (eq $before login) {
    names sessions
  } elif (or (eq (count $words) (num 2)) (str:has-prefix $before -)) {
    names profiles
  } else {
    put login logout
  }
}

var short long = as a
if (not-eq $_awsbadge_cmd asp) {
  set short long = $_awsbadge_cmd $_awsbadge_cmd
}
edit:add-vars [
  &$_awsbadge_cmd'~'=$asp~
  &$short'r~'=$asr~
  &$long'gp~'=$agp~
  &$long'gr~'=$agr~
  &$long'cp~'=$acp~
]
set edit:completion:arg-completer[$_awsbadge_cmd] = $complete_asp~
set edit:completion:arg-completer[$short'r'] = {|@words| names regions }
set edit:completion:arg-completer[$long'cp'] = {|@words| names profiles }
set edit:completion:arg-completer[awsbadge] = {|@words| names words -- (all $words[1..]) }

var left = $edit:prompt
var right = $edit:rprompt
var draw_left = { if (not-eq $own[text] '') { badge; put ' ' }; $left }
var draw_right = { $right; if (not-eq $own[text] '') { put ' '; badge } }

# Puts the badge into the prompt, again if a theme has replaced it.
fn wrap {
  if (and (eq $_awsbadge_prompt left) (not-eq $edit:prompt $draw_left)) {
    set left = $edit:prompt
    set edit:prompt = $draw_left
  } elif (and (eq $_awsbadge_prompt right) (not-eq $edit:rprompt $draw_right)) {
    set right = $edit:rprompt
    set edit:rprompt = $draw_right
  }
}

set edit:before-readline = [$@edit:before-readline { precmd; wrap }]
