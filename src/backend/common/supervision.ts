// Processes → shell: what starts processes on nodes, watches over them and waits until they are ready. Pure text, the same
// for every backend: a place says how a node's processes are reached and where what they leave is seen from the script.

import type { Placed } from '../../backend.ts'
import { environment, quote, sideBySide, words } from './shell.ts'

/** A node as the starting script sees it. */
export interface Place {
  /** The node's directory in the run directory; its `log` and `state` are below. */
  readonly kept: string
  /** What stands before a path in the node's /run and /tmp. */
  readonly root: string
  /** What runs a program on the node. */
  readonly enter: readonly string[]
  /** What the node adds to the environment, as arguments of env(1). */
  readonly environment: readonly string[]
}

/**
 * Waits for a process and notes how it ended. $1: where its pid and its end are noted, each whole at once; $2: its log; then its
 * command line. Programs started in the background ignore SIGINT unless told otherwise.
 */
const supervise = `
state=$1 log=$2; shift 2
rm -f "$state.exit"
"$@" </dev/null >>"$log" 2>&1 &
echo $! >"$state.new" && mv "$state.new" "$state.pid"
code=0; wait $! || code=$?
echo "$code $(date +%s%3N)" >"$state.end" && mv "$state.end" "$state.exit"
`

const defaultSignals = '--default-signal=INT,QUIT,PIPE'

/** Seconds after which a process that is not ready will not be. */
const patience = 60

/**
 * How the starting script waits, in bash. Every function takes $1, the path under which a process's state is noted, and $2,
 * its name for messages.
 *
 * launched: the supervisor has noted the pid. ready: path $3 is there. says: log $3 holds the text $4. done_well: it ended,
 * and well. woken: its main thread waits in kernel function $3; until then it gets signal $4 whenever it pauses and all its
 * other threads wait for what comes to them, since at any other moment they may be in the middle of something that the main
 * one needs. A kernel that does not tell where processes wait leaves the pause to end by itself.
 */
const waiting = String.raw`
exec 9<> <(:)
# A hundredth of a second, without starting a program.
pause() {
  (( SECONDS < ${patience} )) || { echo "$1 was not ready after ${patience} s" >&2; exit 1; }
  read -rt 0.01 -u 9 || :
}
ended() { [ -e "$1.exit" ] && read -r code _ <"$1.exit"; }
# The end of its log says why.
fail() {
  log=${'${1%/state/*}/log/${1##*/}.log'}
  echo "$2 ended with $code before it was ready; $log says:" >&2
  tail -n 3 "$log" >&2
  exit 1
}
alive() { ! ended "$1" || fail "$1" "$2"; }
launched() { until [ -e "$1.pid" ]; do pause "$2"; done; }
ready() { until [ -e "$3" ]; do alive "$1" "$2"; pause "$2"; done; }
says() { until [[ $(<"$3") == *"$4"* ]]; do alive "$1" "$2"; pause "$2"; done; }
done_well() { until ended "$1"; do pause "$2"; done; [ "$code" = 0 ] || fail "$1" "$2"; }
where() { place=$(<"$1/wchan"); } 2>/dev/null
# Process 1 waits, but for the moments in which it reaps orphans.
tells() { for _ in {1..30}; do where /proc/1; [ "$place" = 0 ] || return 0; pause "$2"; done; return 1; }
woken() {
  read -r pid <"$1.pid"
  tells "$1" "$2" || { sleep 6; return; }
  until where "/proc/$pid" && [[ $place == *$3* ]]; do
    alive "$1" "$2"
    if [[ $place == *nanosleep* ]] && listen "$pid"; then kill "-$4" "$pid"; fi
    pause "$2"
  done
}
# All threads but the main one wait for what comes to them, for which they have made everything ready.
listen() { for task in /proc/"$1"/task/*; do [ "$task" = "/proc/$1/task/$1" ] || { where "$task" && [[ $place == *@(poll|select)* ]]; } || return 1; done; }
# A process that is started again gets a new log: what it said in its former life is set aside.
prepare() { rm -f "$1".*; [ ! -s "$2" ] || mv "$2" "$2.$(date +%s%3N)"; : >"$2"; }
`

/** Starts processes, those of a node in their order and the nodes side by side. */
export function start(
  processes: readonly Placed[],
  placeOf: (node: string) => Place,
  until: 'launched' | 'ready',
): string {
  const nodes = [...new Set(processes.map(({ node }) => node))]
  return [
    'set -euE',
    `supervise=${quote(supervise)}`,
    waiting,
    ...sideBySide(nodes.map((node) => startLines(node, processes, placeOf(node), until))),
    '',
  ].join('\n')
}

function startLines(
  node: string,
  placed: readonly Placed[],
  { kept, root, enter, environment: own }: Place,
  until: 'launched' | 'ready',
): string[] {
  const processes = placed.filter((each) => each.node === node).map((each) => each.process)
  const state = (name: string): string => quote(`${kept}/state/${name}`)
  const awaits = (name: string): string => {
    const process = processes.find((each) => each.name === name)
    const who = quote(`${node}: ${name}`)
    if (process?.oneshot) return `done_well ${state(name)} ${who}`
    const log = quote(`${kept}/log/${name}.log`)
    // Who is ready has a pid to be signalled by.
    const launched = `launched ${state(name)} ${who}`
    const said = (text: string): string => `${launched}; says ${state(name)} ${who} ${log} ${quote(text)}`
    if (process?.wake) {
      const { after, signal, until: place } = process.wake
      return `${said(after)}; woken ${state(name)} ${who} ${quote(place)} ${signal.slice(3)}`
    }
    if (process?.says !== undefined) return said(process.says)
    if (process?.ready === undefined) return launched
    const file = process.ready.startsWith('/var/log/')
      ? process.ready.replace('/var/log', `${kept}/log`)
      : `${root}${process.ready}`
    return `${launched}; ready ${state(name)} ${who} ${quote(file)}`
  }
  return [
    // Whatever else fails says so, too.
    `trap 'echo "${node}: $BASH_COMMAND: failed" >&2' ERR`,
    ...processes.flatMap((process) => [
      ...(process.after ?? []).map(awaits),
      `prepare ${state(process.name)} ${quote(`${kept}/log/${process.name}.log`)}`,
      `setsid sh -c "$supervise" supervise ${words([
        `${kept}/state/${process.name}`,
        `${kept}/log/${process.name}.log`,
        ...environment.slice(0, 1),
        defaultSignals,
        ...environment.slice(1),
        ...own,
        ...enter,
        ...process.argv,
      ])} >/dev/null 2>&1 9>&- &`,
    ]),
    ...processes.map(({ name }) =>
      until === 'ready' ? awaits(name) : `launched ${state(name)} ${quote(`${node}: ${name}`)}`,
    ),
  ]
}
