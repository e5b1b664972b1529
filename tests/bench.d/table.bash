# shellcheck shell=bash
# The table: each figure against its limit, and against the one that was recorded.
#
# A row's kind says how it is compared with the recorded one:
#   count         exactly, in both directions: a count that fell may be a measure that broke. Record it again
#   instructions  2 % more is a regression
#   size          2 % more is a regression
#   ratio         of times: 15 % more is a regression; see `margin`
#   time          not at all: times of this machine, and what others take
: "${work:?}"

recorded=tests/bench.tsv
declare -A was=() tool=()
rows=() broken=() notes=()
section='' depends=()

# Five runs, on two processors for which ten processes queued, gave ratios of fastest rounds that were at most 12 %
# apart; instructions at most 0.2 %.
declare -A margin=([instructions]=2 [size]=2 [ratio]=15)

# The tools that figures hang on.
declare -A tools=(
  [rustc]=$(rustc --version)
  [valgrind]=$(valgrind --version)
  [zsh]=$(zsh --version)
  [bash]="bash $BASH_VERSION"
  [fish]=$(fish --version)
  [cpu]="$(uname -m), $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
)

load_recorded() {
  local name value kind
  [[ -f $recorded ]] || return 0
  while IFS=$'\t' read -r name value kind; do
    case $kind in
      kind) ;;
      tool) tool[$name]=$value ;;
      *) was[$name]=$value ;;
    esac
  done <"$recorded"
}

# What of the tools of this section is another one than was recorded.
other_tools() {
  local name
  for name in "${depends[@]}"; do
    [[ ${tools[$name]} == "${tool[$name]-}" ]] || printf '%s ' "$name"
  done
}

# grouped NUMBER: 1234567 is 1,234,567.
grouped() {
  local number=$1
  while [[ $number =~ ^(-?[0-9]+)([0-9]{3})(.*)$ ]]; do
    number=${BASH_REMATCH[1]},${BASH_REMATCH[2]}${BASH_REMATCH[3]}
  done
  echo "$number"
}

# heading NAME TOOL…: the tools are those that the figures of the section hang on.
heading() {
  section=$1 depends=("${@:2}")
  printf '\n%-50s %12s %10s  %-15s %s\n' "$section" figure limit '' 'since recorded'
}

line() { printf '  %-48s %12s %10s  %-15s %-9s %s\n' "$@" | sed 's/ *$//'; }

# What is about to be recorded breaks nothing by being worse.
worse() { if [[ ${record-} ]]; then notes+=("$1"); else broken+=("$1"); fi; }

# row KIND WHAT FIGURE LIMIT UNIT; the limit is - where none is promised.
row() {
  local kind=$1 what=$2 figure=$3 limit=$4 unit=${5-} verdict='' change='' name before others
  name="$section: $what${unit:+, $unit}"
  before=${was[$name]-}
  if [[ ! $figure =~ ^-?[0-9]+(\.[0-9]+)?$ ]]; then
    figure=none verdict=BROKEN
    broken+=("$name: nothing was measured")
  elif [[ $kind != time ]]; then
    [[ -z ${seen[$name]-} ]] || fail "two rows are called $name"
    rows+=("$name"$'\t'"$figure"$'\t'"$kind")
    seen[$name]=1
    if [[ -z $before ]]; then
      change=new
    elif [[ $kind == count ]]; then
      if [[ $figure == "$before" ]]; then change=same; else change="was $before"; fi
    else
      change=$(awk -v a="$figure" -v b="$before" 'BEGIN { printf "%+.1f %%", b ? (a - b) * 100 / b : 0 }')
    fi
    case $change in
      was*)
        verdict=CHANGED
        worse "$name: $figure, recorded were $before"
        ;;
      +*)
        if awk -v c="$change" -v m="${margin[$kind]}" 'BEGIN { exit !(c + 0 > m) }'; then
          others=$(other_tools)
          if [[ $others ]]; then
            verdict=note
            notes+=("$name: $change, with another ${others% }")
          else
            verdict=WORSE
            worse "$name: $figure, recorded were $before ($change; ${margin[$kind]} % are allowed)"
          fi
        fi
        ;;
    esac
  fi
  if [[ $limit != - && $figure != none ]]; then
    if awk -v f="$figure" -v l="$limit" 'BEGIN { exit !(f + 0 > l + 0) }'; then
      verdict=OVER
      broken+=("$name: $figure, the limit is $limit")
    else
      verdict=${verdict:-ok}
    fi
  fi
  line "$what" "$(grouped "$figure")" "$(grouped "$limit")" "$unit" "$change" "$verdict"
}

declare -A seen=()

# skipped WHAT WHAT-WOULD-BRING-IT
skipped() { line "$1" skipped '' "$2" '' ''; }

# Rows that were recorded and not measured now; only a whole run can tell.
missing_rows() {
  local name
  for name in "${!was[@]}"; do
    [[ ${seen[$name]-} ]] || broken+=("$name: recorded, and not measured now")
  done
}

write_record() {
  local name
  {
    printf 'name\tvalue\tkind\n'
    for name in rustc valgrind zsh bash fish cpu; do printf '%s\t%s\ttool\n' "$name" "${tools[$name]}"; done
    printf '%s\n' "${rows[@]}"
  } >"$recorded"
  printf '\n%d figures recorded in %s\n' "${#rows[@]}" "$recorded"
}

# What a reader has to know at the end; the exit code.
verdict() {
  local name
  echo
  for name in rustc valgrind zsh bash fish; do printf '%s; ' "${tools[$name]}"; done
  printf '%s\n' "${tools[cpu]}"
  if ((${#notes[@]} > 0)); then printf 'note: %s\n' "${notes[@]}"; fi
  if ((${#broken[@]} > 0)); then
    printf 'BROKEN: %s\n' "${broken[@]}"
    return 1
  fi
  echo 'every limit holds'
}
