import { MARK_SUM, SESSION_MARKER } from '../../sessions';

/** How long it goes on with processes that do not go away, by the clock of the container. */
const PATIENCE_SECONDS = 3;

/** The first word of the answer. */
export const ANSWER = 'kubernetes-access-reaper';

/**
 * What ends the processes of a session from within its container, with nothing but what is built into every `sh`:
 * dash, busybox and bash run it, and it starts no process of its own. It comes over stdin, which keeps it out of
 * URLs and audit logs; `main` stands in the last line, so that half a script does nothing.
 *
 * Arguments: mark, session, age of the session in hundredths of a second, scope (`all` or `marked`), a nonce.
 *
 * A process is ended when
 * - it wears the mark of this session, or half of it, or
 * - its limits differ from those that the container runtime gave to the reaper itself, are no session's mark, and it
 *   is not older than the session: somebody lowered them (scope `all` only), or
 * - it has the session in its environment, where limits cannot be relied on.
 *
 * Another session's mark is never touched, nor what the container itself runs. The answer says how many processes
 * were ended, how many are still there, how many could not be told from the container's own, what the limits are
 * worth here (`-`: all; `capable`: processes may raise them again; `shell`: they cannot be set), and the rounds.
 *
 * It goes on until a round finds nothing, or nothing but what it may not end, or its time is up. Whoever forks faster
 * than a walk over /proc takes is caught at the newest process id; whoever does so in one process group loses the
 * group. Zombies are not alive, unless other threads of theirs are. A process' name may be anything, also with
 * brackets and line ends, so that what follows the last bracket of `stat` counts. Files are read to their ends: where
 * a process dies meanwhile, bash would take the rest for the beginning of the next file.
 */
export const REAPER_SCRIPT = `
main() {
  mark=$1 id=$2 age=$3 scope=$4 nonce=$5 sum=${MARK_SUM}
  twin=$(((sum - mark) * 1024))
  [ $((twin / 1024 + mark)) = $sum ] || answer cannot count
  limits self && own="$L $R" && stat self && uptime && newest || answer cannot look
  born=$((T - age)) group=$G deadline=$((U + ${PATIENCE_SECONDS})) weak= first=
  { ulimit -m $((sum - mark)) && { ulimit -x $mark || ulimit -w $mark; }; } 2>/dev/null || weak=shell
  while read -r key value; do
    case $key in CapBnd:)
      case \${value%??????} in *[13579bdf]) weak=\${weak:-capable} ;; esac ;;
    esac
  done </proc/self/status
  limits 1 && [ "$L $R" != "$own" ] && first="$L $R"
  rounds=0 ended=0 seen=' '
  while :; do
    rounds=$((rounds + 1)) hits=0 denied=0 spared=0
    newest; from=$P
    for path in /proc/[0-9]*; do look "\${path#/proc/}"; done
    chase
    [ $hits -gt $denied ] && uptime && [ "$U" -lt $deadline ] || break
  done
  answer done $ended $hits $spared "\${weak:--}" $rounds
}
answer() { echo "${ANSWER} $nonce $*"; exit 0; }
limits() {
  L= R=
  { while read -r a b c d e f; do
    case "$a $b $c" in
      'Limit Soft Limit') L= R= ;;
      'Max resident set') R=$e ;;
      'Max file locks') L=$e ;;
    esac
  done <"/proc/$1/limits"; } 2>/dev/null
  [ -n "$L" ] && [ -n "$R" ]
}
stat() {
  all= line=
  { while read -r line || [ -n "$line" ]; do all="$all $line"; done <"/proc/$1/stat"; } 2>/dev/null
  set -- \${all##*)}
  S=$1 G=$3 N=\${18} T=\${20}
  [ -n "$T" ]
}
uptime() { read -r U f </proc/uptime && U=\${U%.*} && isNumber "$U"; }
newest() { read -r a b c d P </proc/loadavg && isNumber "$P" || P=0; }
isNumber() { case $1 in '' | *[!0-9]*) return 1 ;; esac; }
chase() {
  tries=0
  while [ $tries -lt 100 ]; do
    tries=$((tries + 1))
    newest
    [ "$P" -ge $from ] || return
    [ $((P - from)) -lt 200 ] || from=$((P - 200))
    while [ $from -lt "$P" ]; do from=$((from + 1)); look $from; done
  done
}
isMark() {
  case "$L$R" in *[!0-9]*) return 1 ;; esac
  [ \${#R} -lt 18 ] && [ \${#L} -lt 18 ] && [ $((R / 1024 + L)) = $sum ]
}
hasMarker() {
  line= found=1
  { while read -r line || [ -n "$line" ]; do
    case $line in *"${SESSION_MARKER}=$id"*) found=0 ;; esac
  done <"/proc/$1/environ"; } 2>/dev/null
  return $found
}
end() { kill -9 "$1" 2>/dev/null && refused=0 || refused=1; }
look() {
  case $1 in 1 | $$) return ;; esac
  limits "$1" || return
  if [ "$L" = "$mark" ] || [ "$R" = "$twin" ]; then
    end "$1"
    stat "$1" || { S=X N=0; }
  elif [ "$L $R" = "$own" ]; then
    [ -n "$weak" ] && stat "$1" && [ "$T" -ge "$born" ] && hasMarker "$1" || return
    end "$1"
    G=0
  elif isMark; then
    return
  else
    stat "$1" && [ "$T" -ge "$born" ] || return
    if [ $scope = marked ] || [ "$L $R" = "$first" ]; then
      spared=$((spared + 1))
      return
    fi
    end "$1"
  fi
  case $seen in
    *" $1 "*) ;;
    *)
      ended=$((ended + 1))
      [ \${#seen} -gt 4000 ] || seen="$seen$1 "
      ;;
  esac
  case $S in Z | X | x) [ "$N" -gt 1 ] || return ;; esac
  hits=$((hits + 1)) denied=$((denied + refused))
  if [ $rounds -gt 2 ] && [ "$G" -gt 1 ] && [ "$G" != "$group" ]; then
    kill -9 -- "-$G" 2>/dev/null
  fi
}
main "$@"
exit 1
`;

/** The ways to start a shell, in the order in which they are tried; the arguments follow. */
export const SHELLS: readonly string[][] = [
  ['sh', '-s', '--'],
  ['bash', '-s', '--'],
  ['busybox', 'sh', '-s', '--'],
];

/** What the script is called with. */
export interface ReaperArguments {
  mark: number;
  sessionId: string;
  /** How long ago the session was made. */
  ageMs: number;
  /** `marked`: only what wears the session's own mark; for pods that see processes that are not theirs. */
  scope: 'all' | 'marked';
  nonce: string;
}

/** The margin for clocks that were set meanwhile. */
const AGE_MARGIN_MS = 60_000;

/** The command of a reaper's exec. The script goes to its stdin. */
export function reaperCommand(
  shell: readonly string[],
  { mark, sessionId, ageMs, scope, nonce }: ReaperArguments,
): string[] {
  const age = Math.ceil((Math.max(0, ageMs) * 1.01 + AGE_MARGIN_MS) / 10);
  return [...shell, `${mark}`, sessionId, `${age}`, scope, nonce];
}
