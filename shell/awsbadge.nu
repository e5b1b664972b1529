# awsbadge for Nushell 0.107 and newer: keeps $env._awsbadge up to date before each prompt, and switches profiles.
#
# The program answers with one JSON object (ARCHITECTURE.md, "Statements to eval"). Nushell passes only text to programs,
# so the record $env._awsbadge stays in this shell.

export-env {
  let old = $env._awsbadge? | default {prev: "" region: "" dir: "\n\n\n" inherited: ($env.AWS_PROFILE? | default ($env.AWS_DEFAULT_PROFILE? | default ""))}
  # Variables from a parent shell describe the parent.
  hide-env -i AWSBADGE AWSBADGE_CLASS AWSBADGE_OK AWSBADGE_WARN AWSBADGE_EXPIRED AWSBADGE_PROD AWSBADGE_UNKNOWN
  $env._awsbadge = {
    text: "" class: "" state: "" prev: $old.prev region: $old.region dir: $old.dir inherited: $old.inherited
    values: ($_awsbadge_values | each { _awsbadge_cell }) secrets: ($_awsbadge_secrets | each { _awsbadge_cell })
    more: [] key: null at: 0 until: 0 absent: [] paths: [] stats: null left: $old.left? right: $old.right? warned: true
  }
  $env.config = ($env.config? | default {})
  $env.config.hooks = ($env.config.hooks? | default {})
  # Once, if this file is sourced again.
  $env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt? | default []
    | where {|hook| not (($hook | describe) == closure and (view source $hook) =~ _awsbadge_precmd) }
    | append {|| _awsbadge_precmd })
}

# The path of a variable that may be missing.
def _awsbadge_cell [] { [{value: $in optional: true}] | into cell-path }

# What the badge depends on. Of a secret only whether it has a value.
def _awsbadge_key [] {
  let s = $env._awsbadge
  [($env | select ...$s.values) ($s.secrets | each {|cell| ($env | get $cell | default "") != "" }) ($s.more | each {|cell| $env | get $cell })]
}

# The watched files as they are. Links are watched too, besides their targets.
def _awsbadge_stats [paths] {
  if ($paths | is-empty) { return [] }
  try { ls -lD ...$paths | select name modified inode size } catch { null }
}

def --env _awsbadge_precmd [] {
  let s = $env._awsbadge
  let now = date now | into int | $in // 1_000_000_000
  if $now < $s.at or $now >= $s.until or $s.key != (_awsbadge_key) or ($s.absent | any {path exists}) or $s.stats != (_awsbadge_stats $s.paths) {
    _awsbadge_refresh $now
  }
  if $_awsbadge_prompt != "" { _awsbadge_wrap }
}

# Runs the program for an answer; null if there is none. Not --env: the exit code is the user's.
def _awsbadge_ask [] {
  let s = $env._awsbadge
  let memory = [$_awsbadge_cmd $s.region $s.dir $s.inherited] | str join "\n"
  try { ^$_awsbadge_bin __refresh --shell nushell --proto 1 --directory $memory e> /dev/null | from json } catch { null }
}

def --env _awsbadge_refresh [now] {
  let before = $env._awsbadge.key
  let answer = _awsbadge_ask
  let own = $answer.own? | default {}
  if $own.x_done? == "1" {
    _awsbadge_apply $answer
    let watch = if $env.AWSBADGE_WATCH? == "0" { [] } else { $own.x_watch }
    let paths = $watch | append ($watch | path expand) | uniq
    let stats = _awsbadge_stats $paths
    # The answer has the files as the program read them.
    let read = $watch | path expand | zip ($own.x_times | zip $own.x_inodes)
    let same = $read | all {|f| $stats | default [] | any {|s| $s.name == $f.0 and $"($s.modified | into int)" == $f.1.0 and $"($s.inode)" == $f.1.1 } }
    let until = if $same { ($own.x_until | into int) - ($own.x_now | into int) + $now } else { 0 }
    $env._awsbadge = ($env._awsbadge | merge {
      text: $own.x_text class: $own.x_class state: $own.x_state warned: false
      at: $now until: $until paths: $paths stats: $stats
      absent: (if $env.AWSBADGE_WATCH? == "0" { [] } else { $own.x_absent })
      more: ($own.x_env | each { _awsbadge_cell })
    })
    let say = $own.x_say? | default ""
    if $say != "" { print -e (if (_awsbadge_plain) { $say } else { $"\e[2m($say)\e[0m" }) }
  } else {
    # No answer: the name of the profile, and another try in 30 seconds.
    if not $env._awsbadge.warned and (which $_awsbadge_bin | is-empty) {
      print -e $"awsbadge: ($_awsbadge_bin) is missing; until it is back, the badge shows only the name of the profile"
      $env._awsbadge.warned = true
    }
    $env._awsbadge = ($env._awsbadge | merge {at: $now until: ($now + 30) absent: [] paths: [] stats: []})
    if $before != (_awsbadge_key) {
      let name = $env.AWS_PROFILE? | default "" | str replace -ra '[^A-Za-z0-9_.@:/+=,-]' '?' | str substring 0..39
      $env._awsbadge = ($env._awsbadge | merge (if $name == "" { {text: "" class: "" state: ""} } else { {text: $"aws:($name) ?" class: unknown state: ""} }))
    }
  }
  $env._awsbadge.key = (_awsbadge_key)
  if $_awsbadge_export == "1" { _awsbadge_put }
}

# Sets and unsets what the program says, and keeps what the next call passes to it.
def --env _awsbadge_apply [answer] {
  for row in ($answer.env | transpose name value) {
    if $row.value == null { hide-env -i $row.name } else { load-env {$row.name: $row.value} }
  }
  $env._awsbadge = ($env._awsbadge | merge ($answer.own | transpose name value | where name in [prev region dir inherited] | reduce -f {} {|row own| $own | insert $row.name $row.value }))
}

# The exported variables are set or unset, never empty.
def --env _awsbadge_put [] {
  let s = $env._awsbadge
  for prefix in ["" POSH_] {
    for row in [["" $s.class] [_CLASS $s.class] [_OK ok] [_WARN warn] [_EXPIRED expired] [_PROD prod] [_UNKNOWN unknown]] {
      let name = $"($prefix)AWSBADGE($row.0)"
      if $s.text != "" and $row.1 == $s.class { load-env {$name: (if $row.0 == _CLASS { $s.class } else { $s.text })} } else { hide-env -i $name }
    }
  }
}

def _awsbadge_plain [] { ($env.NO_COLOR? | default "") != "" or $env.TERM? == dumb }

# The badge in its colour.
def _awsbadge_badge [] {
  let s = $env._awsbadge
  if $s.text == "" or (_awsbadge_plain) { return $s.text }
  $"\e[({ok: '32' warn: '30;43' expired: '31' prod: '97;41'} | get ($s.class | _awsbadge_cell) | default '35')m($s.text)\e[0m"
}

def _awsbadge_own [own] {
  match ($own | describe) { closure => (do $own | default "" | into string) nothing => "" _ => ($own | into string) }
}

# The user's prompt comes first, because it may read LAST_EXIT_CODE.
def _awsbadge_left [] {
  let own = _awsbadge_own $env._awsbadge.left
  [(_awsbadge_badge) $own] | where $it != "" | str join " "
}
def _awsbadge_right [] { [(_awsbadge_own $env._awsbadge.right) (_awsbadge_badge)] | where $it != "" | str join " " }

# Puts the badge into the prompt, again if a theme has replaced it.
def --env _awsbadge_wrap [] {
  let name = if $_awsbadge_prompt == right { "PROMPT_COMMAND_RIGHT" } else { "PROMPT_COMMAND" }
  let own = $env | get ($name | _awsbadge_cell)
  if ($own | describe) == closure and (view source $own) =~ '_awsbadge_(left|right)' { return }
  # Not by upsert, which would run a closure.
  $env._awsbadge = ($env._awsbadge | merge {$_awsbadge_prompt: $own})
  load-env {$name: (if $_awsbadge_prompt == right { {|| _awsbadge_right } } else { {|| _awsbadge_left } })}
}

# Runs the program, applies its answer, and prints anything else (a --help). Its failure ends the function.
def --env --wrapped _awsbadge_run [...rest] {
  if (which $_awsbadge_bin | is-empty) { error make -u {msg: $"($_awsbadge_cmd): ($_awsbadge_bin) is missing"} }
  let old = $env.AWS_PROFILE? | default ""
  let out = ^$_awsbadge_bin ...$rest | collect
  let answer = try { $out | from json } catch { null }
  if $answer.awsbadge? != 1 { print -n $out; return }
  _awsbadge_apply $answer
  $env._awsbadge.until = 0
  if $old != "" and $old != $env.AWS_PROFILE? { $env._awsbadge.prev = $old }
}

def --env --wrapped _awsbadge_use [...rest] {
  _awsbadge_run use --shell nushell --previous $env._awsbadge.prev --own-region $env._awsbadge.region ...$rest
}

# Whether the arguments ask for help, which is printed then.
def _awsbadge_help [name rest] {
  let asks = $rest.0? in [-h --help]
  if $asks { ^$_awsbadge_bin __help $name --cmd $_awsbadge_cmd | print }
  $asks
}

# Switch the AWS profile
export def --env --wrapped _awsbadge_asp [...rest: string@_awsbadge_asp_words] {
  if (_awsbadge_help asp $rest) { return }
  mut words = []
  mut flags = []
  mut config = []
  mut force = []
  mut pick = false
  mut at = 0
  while $at < ($rest | length) {
    let word = $rest | get $at
    let next = if $at + 1 < ($rest | length) { $rest | get ($at + 1) }
    if $word == "--" { $words = $words ++ ($rest | skip ($at + 1)); break }
    match $word {
      --pick => { $pick = true }
      --force => { $force = [--force] }
      -p | --profile => {}
      --config if $next != null => { $config = [$"--config=($next)"]; $at += 1 }
      --region if $next != null => { $flags ++= [$"--region=($next)"]; $at += 1 }
      "-" => { $words ++= [$word] }
      $w if ($w starts-with --config=) => { $config = [$w] }
      $w if ($w starts-with "-") => { $flags ++= [$w] }
      _ => { $words ++= [$word] }
    }
    $at += 1
  }
  if $pick {
    $words = (^$_awsbadge_bin __pick ...$config ...$words | lines)
    if ($words | is-empty) { return }
  }
  let flags = $config ++ $flags
  if ($words ++ $flags | is-empty) {
    _awsbadge_run clear --shell nushell
    print "AWS profile cleared."
    return
  }
  let names = if ($words | is-empty) { [] } else { ["--"] ++ $words }
  match $words.1? {
    login => {
      let session = $words | skip 2 | each {|name| $"--session=($name)" }
      ^$_awsbadge_bin login ...$config ...$force ...$session -- $words.0
      _awsbadge_use ...$flags -- $words.0
    }
    logout => {
      _awsbadge_use ...$flags -- $words.0
      ^$_awsbadge_bin logout -- $words.0
    }
    _ => { _awsbadge_use ...$flags ...$names }
  }
  $env._awsbadge.until = 0
}

# Set the AWS region
export def --env --wrapped _awsbadge_asr [...rest: string@_awsbadge_regions] {
  if (_awsbadge_help asr $rest) { return }
  _awsbadge_run region --shell nushell ...$rest
  if ($rest | is-empty) { print "AWS region cleared." }
}

# Show the AWS profile
export def --wrapped _awsbadge_agp [...rest: string] {
  if not (_awsbadge_help agp $rest) { $env.AWS_PROFILE? | default "" }
}

# Show the AWS region
export def --wrapped _awsbadge_agr [...rest: string] {
  if (_awsbadge_help agr $rest) { return }
  let region = $env.AWS_REGION? | default ""
  if $region == "" and ($env.AWS_PROFILE? | default "") != "" { ^$_awsbadge_bin region --show | str trim } else { $region }
}

# Take the credentials of an AWS profile
export def --env --wrapped _awsbadge_acp [...rest: string@_awsbadge_profiles] {
  if (_awsbadge_help acp $rest) { return }
  if ($rest | is-not-empty) { _awsbadge_run export --format nushell ...$rest; return }
  _awsbadge_run clear --shell nushell --keys
  print "AWS profile cleared."
}

# awsbadge itself, with completions
export def --wrapped awsbadge [...rest: string@_awsbadge_words] { ^$_awsbadge_bin ...$rest }

# Names as candidates, quoted if Nushell would read them as something else.
def --wrapped _awsbadge_names [...rest] {
  let rows = try { ^$_awsbadge_bin __names ...$rest e> /dev/null | lines | split column "\t" value description } catch { [] }
  {options: {sort: false} completions: ($rows | update value {|row| if $row.value =~ '^[A-Za-z_][A-Za-z0-9_.@+-]*$' { $row.value } else { $row.value | to json -r } })}
}

def _awsbadge_profiles [] { _awsbadge_names profiles }
def _awsbadge_regions [] { _awsbadge_names regions }

# The words up to the cursor. A quoted one is x: only its place matters.
def _awsbadge_typed [line: string] {
  $line | str replace -ra r#'"(?:\\.|[^"\\])*(?:"|$)|'[^']*(?:'|$)'# x | split row -r '\s+' | skip 1
}

def _awsbadge_asp_words [line: string] {
  let words = _awsbadge_typed $line
  match ([null] ++ ($words | drop) | last) {
    --region => { _awsbadge_names regions }
    --config => { _awsbadge_names configs }
    login => { _awsbadge_names sessions }
    null => { _awsbadge_names profiles }
    $w if ($w starts-with "-") => { _awsbadge_names profiles }
    _ => [{value: login description: "log in, then switch"} {value: logout description: "switch, then log out"}]
  }
}

def _awsbadge_words [line: string] { _awsbadge_names words -- ...(_awsbadge_typed $line) }
