# shellcheck shell=bash
# How tests/bench measures. What the load of the machine moves least comes first:
#
# - Counts of processes, files and sockets, by strace: exact.
# - Instructions, by callgrind: within a few in a thousand. They are what shows a regression.
# - Times: only as ratios, of two commands that are called in turns in the same run, so that they meet the same
#   machine. Of each counts its fastest round: a loaded machine only ever adds to a round, and among some hundred
#   there is one that it left alone. A median would measure the neighbours.
: "${work:?}"

# times ROUNDS NAME…: calls each command once a round, in turns; the microseconds of its fastest round go to
# $work/NAME.time. The name of a command is that of a function and its argument: prompt_3 is `prompt 3`.
times() {
  local rounds=$1 name before took
  local -A best=()
  shift
  for name; do "${name%_*}" "${name##*_}" >/dev/null; done
  for ((; rounds > 0; rounds--)); do
    for name; do
      before=${EPOCHREALTIME/[.,]/}
      "${name%_*}" "${name##*_}" >/dev/null
      took=$((${EPOCHREALTIME/[.,]/} - before))
      if ((took < ${best[$name]:-took + 1})); then best[$name]=$took; fi
    done
  done
  for name; do echo "${best[$name]}" >"$work/$name.time"; done
}

# processor ROUNDS NAME=TIMES…: the same for the processor's time, user and system, each command so often at a stretch.
# For what takes a second: in so long a time nobody is left alone.
processor() {
  local rounds=$1 one name i TIMEFORMAT='%3U %3S'
  shift
  for one; do : >"$work/${one%=*}.cpu"; done
  for ((; rounds > 0; rounds--)); do
    for one; do
      name=${one%=*}
      { time for ((i = ${one#*=}; i > 0; i--)); do "${name%_*}" "${name##*_}" >/dev/null 2>&1; done; } 2>>"$work/$name.cpu"
    done
  done
  for one; do
    awk -v n="${one#*=}" '{ t = ($1 + $2) * 1e6 / n } NR == 1 || t < best { best = t } END { print best }' \
      "$work/${one%=*}.cpu" >"$work/${one%=*}.time"
  done
}

# ratio NAME NAME: of two times that were taken in turns.
ratio() { quotient "$(<"$work/$1.time")" "$(<"$work/$2.time")"; }

quotient() { awk -v a="$1" -v b="$2" 'BEGIN { q = a / b; printf q < 1 ? "%.3f" : q < 20 ? "%.2f" : "%.0f", q }'; }

# instructions COMMAND…: of the process itself; what it starts runs beside.
instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
    awk '/Collected :/ { last = $NF } END { print last }'
}

# traced CALLS COMMAND…: the system calls of it and its children, in $work/trace; devices are no files.
traced() {
  strace -f -y -qq -e signal=none -e trace="$1" -o "$work/trace" "${@:2}" >/dev/null 2>&1
  sed -i -E '\|"/dev/|d; /write[v64]*\(([02-9]|1[0-9])<\/dev/d' "$work/trace"
}

# calls PATTERN: how many of the traced calls match.
calls() { grep -cE "$1" "$work/trace" || true; }

programs() { calls 'execve(\(| resumed).*= 0$'; }
# A thread is no process.
forks() { echo $(($(calls '(fork|clone3?)\(') - $(calls 'CLONE_THREAD'))); }
written() { calls '(open|openat|openat2|creat)\(.*(O_WRONLY|O_RDWR|O_CREAT)|write[v64]*\(([03-9]|1[0-9])</'; }
opened() { calls 'open(at2?)?\(.*= [0-9]'; }
# Out of the files of a home: what the C library reads at the start depends on the path of the binary.
bytes() { awk -v home="<$work/" '/ (read|pread64|readv)\(/ && index($0, home) { n += $NF } END { print n + 0 }' "$work/trace"; }

# memory COMMAND…: the greatest resident set, in KiB.
memory() { { command time -f %M "$@" >/dev/null; } 2>&1; }

# ---- In a shell ----------------------------------------------------------------------------------------------

declare -A bare=([zsh]=-f [bash]=--norc [fish]=--no-config)

# in_shell SHELL FILE TURNS ROUNDS WHAT…: an interactive shell with the start-up file; see rounds.zsh.
in_shell() { "$1" "${bare[$1]}" -i "tests/bench.d/rounds.$1" "${@:2}" 2>/dev/null; }

# fastest WHAT: the microseconds of a round of it in the fastest turn of the run in $work/rounds.
fastest() {
  awk -v what="$1" '$2 == "end" && $3 == what && (!best || $4 < best) { best = $4 } END { print best }' "$work/rounds"
}

# trace_shell SHELL FILE ROUNDS WHAT: the system calls between the beginning and the end of WHAT; with `start` those
# up to the first prompt.
trace_shell() {
  local shell=$1 file=$2 rounds=$3 what=$4
  traced fork,vfork,clone,clone3,execve,open,openat,creat,write \
    "$shell" "${bare[$shell]}" -i "tests/bench.d/rounds.$shell" "$file" 1 "$rounds" "$what"
  part "$what"
}

part() {
  if [[ $1 == start ]]; then
    sed -i '/write(1<.*"bench: begin/,$d' "$work/trace"
  else
    sed -i -n "/write(1<.*\"bench: begin $1/,/write(1<.*\"bench: end $1/p" "$work/trace"
    [[ -s $work/trace ]] || fail "nothing was traced of $1"
  fi
}

# shell_instructions SHELL FILE: of one round of its hooks, without what calling nothing as often takes.
shell_instructions() {
  local rounds=100 hooks empty
  hooks=$(instructions "$1" "${bare[$1]}" -i "tests/bench.d/rounds.$1" "$2" 1 "$rounds" hooks)
  empty=$(instructions "$1" "${bare[$1]}" -i "tests/bench.d/rounds.$1" "$2" 1 "$rounds" empty)
  echo $(((hooks - empty) / rounds))
}
