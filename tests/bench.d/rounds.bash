# shellcheck shell=bash
# shellcheck disable=SC2317,SC2329 # Each WHAT is a function, called by its name.
# shellcheck disable=SC2046 # There is nothing to split.
# As rounds.zsh, for bash.
file=$1 turns=$2 rounds=$3
shift 3
# shellcheck source=/dev/null
source "$file"

hooks() {
  local i hook
  for ((i = 0; i < $1; i++)); do
    for hook in "${PROMPT_COMMAND[@]}"; do eval "$hook"; done
  done
}
nothing() { :; }
empty() {
  local i hook
  local -a nothings=("${PROMPT_COMMAND[@]/*/nothing}")
  for ((i = 0; i < $1; i++)); do
    for hook in "${nothings[@]}"; do eval "$hook"; done
  done
}
forks() { local i; for ((i = 0; i < $1; i++)); do : $(:); done; }
switches() { local i; for ((i = 0; i < $1; i++)); do asp p1 >/dev/null; done; }
prompts() { while read -r; do hooks 1; done; }
start() { :; }

hooks 1
for ((; turns > 0; turns--)); do
  for what; do
    echo "bench: begin $what"
    before=${EPOCHREALTIME/[.,]/}
    "$what" "$rounds"
    took=$((${EPOCHREALTIME/[.,]/} - before))
    printf 'bench: end %s %d.%03d\n' "$what" $((took / rounds)) $((took * 1000 / rounds % 1000))
  done
done
echo "badge $AWSBADGE"
