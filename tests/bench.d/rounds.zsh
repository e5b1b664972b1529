# rounds.zsh FILE TURNS ROUNDS WHAT…: reads the start-up file and lets the hooks of a prompt run once, which asks
# the binary. Then TURNS times, in turns, each WHAT so many ROUNDS at a stretch; says when one begins and ends, and
# the microseconds of one round.
zmodload zsh/datetime
file=$1 turns=$2 rounds=$3
shift 3
typeset -F before
source $file

hooks() { local hook; repeat $1; do for hook in $precmd_functions; do $hook; done; done }
# The same loop around as many functions that do nothing: what the test itself costs.
nothing() { }
empty() {
  local hook
  local -a precmd_functions=(${precmd_functions/*/nothing})
  repeat $1; do for hook in $precmd_functions; do $hook; done; done
}
forks() { repeat $1; do : $(:); done }
trues() { repeat $1; do /bin/true; done }
switches() { repeat $1; do asp p1 >/dev/null; done }
# A prompt whenever there is a line to read.
prompts() { while read -r; do hooks 1; done }
start() { }

hooks 1
repeat $turns; do
  for what; do
    print -r -- bench: begin $what
    before=$EPOCHREALTIME
    $what $rounds
    printf 'bench: end %s %.3f\n' $what $(( (EPOCHREALTIME - before) * 1000000 / rounds ))
  done
done
print -r -- badge $AWSBADGE
