// Plan → shell: what builds the nodes and links, and what starts processes in them. Pure text, so that it can be read, golden-
// tested and run by hand. A node is a network, a mount and a UTS namespace, kept by one sleeping process; it sees its own
// files at the places where its programs look for them (/etc/frr, /run, /tmp, /var/log), so that everything in it works as
// on a machine of its own. (Mount namespaces kept by a bind mount would need no process; Linux 6.18 refuses them by chance.)

import { posix } from 'node:path'
import type { Placed } from '../../backend.ts'
import type { InterfacePlan, LinkPlan, NodePlan, Plan } from '../../plan/plan.ts'
import { path } from './namespace.ts'

/** A word for the shell, whatever it holds. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

const words = (argv: readonly string[]): string => argv.map(quote).join(' ')

/** Namespaces of a node, as arguments of nsenter. */
export const inNode = (node: string): string[] => [
  'nsenter',
  `--net=/run/ns/${node}/net`,
  `--mount=/run/ns/${node}/mnt`,
  `--uts=/run/ns/${node}/uts`,
  '--wd=/',
  '--',
]

/** What a node's programs find in their environment. */
export const environment = ['env', '-i', `PATH=${path}`, 'HOME=/tmp', 'LANG=C.UTF-8']

/** A node's own part of it, as arguments of env(1). */
export const ownEnvironment = (env: NodePlan['env']): string[] =>
  Object.entries(env).map(([name, value]) => `${name}=${value}`)

/** Switched off on every interface: with them on, packets of up to 64 KB pass that no wire ever carried. */
export const offloads = ['tso', 'gso', 'gro', 'lro', 'tx', 'rx'] as const

/** Everything from nothing to nodes that reach their neighbours. */
export function build({ nodes, links }: Plan, directory: string): string {
  return [
    'set -eu',
    'pids=',
    ...nodes.map((node) => `(\n${nodeLines(node, directory).join('\n')}\n) & pids="$pids $!"`),
    'for pid in $pids; do wait "$pid"; done',
    'pids=',
    "ip -batch - <<'LINKS'",
    ...linkLines(links, nodes),
    'LINKS',
    ...nodes.map((node) => `(\n${addressLines(node).join('\n')}\n) & pids="$pids $!"`),
    'for pid in $pids; do wait "$pid"; done',
    '',
  ].join('\n')
}

/** Directories of /etc into which the plan puts files: each is covered by the node's own. */
export const configured = ({ files }: NodePlan): string[] => [
  ...new Set(Object.keys(files).flatMap((file) => (file.startsWith('/etc/') ? posix.dirname(file) : []))),
]

/** What a node sees of its own, each over what the machine has there, the last over the lab's own /run. */
const mountsOf = (node: NodePlan, own: string, kept: string): [source: string, target: string][] => [
  ...configured(node).map((target): [string, string] => [`${kept}${target}`, target]),
  [`${kept}/log`, '/var/log'],
  [`${own}/tmp`, '/var/tmp'],
  [`${own}/tmp`, '/tmp'],
  [`${own}/run`, '/run'],
]

const mountLine = ([source, target]: readonly [string, string]): string =>
  `mount --rbind ${quote(source)} ${target}`

function nodeLines(node: NodePlan, directory: string): string[] {
  const own = `/run/nodes/${node.name}`
  const kept = posix.join(directory, 'nodes', node.name)
  const mounts = mountsOf(node, own, kept)
  const inside = [
    'set -eu',
    `hostname ${node.name}`,
    ...(node.binds.length > 0 ? [binding] : []),
    ...node.binds.map((bind) => bindLine(bind, mounts, own)),
    // With what was bound below them; /run last, from which the others come.
    ...mounts.slice(0, -1).map(mountLine),
    ...(node.binds.length > 0 ? [`carry ${own}`] : []),
    ...mounts.slice(-1).map(mountLine),
    ...Object.entries(node.sysctls).map(
      ([key, value]) => `echo ${quote(value)} >/proc/sys/${key.replaceAll('.', '/')}`,
    ),
    'ip link set lo up',
    // The process stays as the node's keeper; its pid is all that it says.
    'echo $$',
    `exec -a node:${node.name} sleep infinity </dev/null >/dev/null 2>&1`,
  ]
  return [
    `mkdir -p ${own}/run ${own}/tmp ${own}/state`,
    `chmod 1777 ${own}/tmp`,
    `[ ! -d ${quote(`${kept}/run`)} ] || cp -r ${quote(`${kept}/run/.`)} ${own}/run/`,
    ...Object.entries(node.directories).map(
      ([target, owner]) => `mkdir -p ${own}${target} && chown ${owner} ${own}${target}`,
    ),
    `read -r pid < <(exec setsid unshare --net --mount --uts bash -c ${quote(inside.join('\n'))})`,
    `ln -s /proc/$pid/ns /run/ns/${node.name}`,
    `ln -s /proc/$pid/ns/net /run/netns/${node.name}`,
  ]
}

/**
 * How a node gets what its binds name, in bash, before its own directories cover the machine's. $1: source; $2: where to;
 * $3: a directory of the node's own, empty where the place for it lies in one that may be written to; $4: ro or rw. Where the machine has no such path, the directory that should hold it is covered by
 * one of links to all that it holds, so that a place can be made there and the machine's own stays as it is.
 */
const binding = `
place() {
  if [ -d "$1" ]; then mkdir -p "$2"; else mkdir -p "\${2%/*}" && { [ -e "$2" ] || : >"$2"; }; fi
}
cover() {
  below=$3/below/$1 above=$3/above/$1
  mkdir -p "$below" "$above" && mount --rbind "/$1" "$below" && chmod --reference="/$1" "$above"
  (shopt -s dotglob nullglob; for each in "$below"/*; do ln -s "$each" "$above/"; done)
  mount --bind "$above" "/$1"
}
# What lies below a cover must be found by the same path when the node's own /run has come over the lab's.
carry() {
  [ -d "$1/below" ] || return 0
  mkdir -p "$1/run/\${1#/run/}/below" && mount --rbind "$1/below" "$1/run/\${1#/run/}/below"
}
bind() {
  [ -e "$1" ] || { echo "$1, which a node binds, is not there" >&2; exit 1; }
  held=$2
  while [ ! -e "$held" ]; do held=\${held%/*}; done
  if [ "$held" != "$2" ] && [ "$3" != "" ]; then
    [ -n "$held" ] || { echo "no bind can be at $2 in the sandbox: the machine has no $(cut -d/ -f1,2 <<<"$2")" >&2; exit 1; }
    cover "\${held#/}" "" "$3"
  fi
  place "$1" "$2"
  mount --rbind "$1" "$2"
  [ "$4" = rw ] || mount -o remount,bind,ro "$2"
}
`

/** A target below one of the node's own directories is made where that comes from; elsewhere, on what the machine has. */
function bindLine(bind: NodePlan['binds'][number], mounts: readonly [string, string][], own: string): string {
  const covered = mounts.find(([, target]) => `${bind.target}/`.startsWith(`${target}/`))
  const place = covered ? `${covered[0]}${bind.target.slice(covered[1].length)}` : bind.target
  return `bind ${words([bind.source, place, covered ? '' : own, bind.readonly ? 'ro' : 'rw'])}`
}

/** Both ends are made where they belong: nothing ever passes through another namespace. */
function linkLines(links: readonly LinkPlan[], nodes: readonly NodePlan[]): string[] {
  const mtu = (node: string, name: string): number =>
    nodes.find((each) => each.name === node)?.interfaces.find((each) => each.name === name)?.mtu ?? 1500
  return links.map(({ ends: [a, b] }) => {
    const [left, right] = [a, b].map(
      (end) => `name ${end.interface} netns ${end.node} mtu ${mtu(end.node, end.interface)}`,
    )
    return `link add ${left} type veth peer ${right}`
  })
}

function addressLines({ name, interfaces, loopback, routes }: NodePlan): string[] {
  const off = (each: InterfacePlan) =>
    `ethtool -K ${each.name} ${offloads.map((feature) => `${feature} off`).join(' ')}`
  return [
    'set -eu',
    `exec nsenter --net=/run/netns/${name} bash -e <<'NODE'`,
    ...interfaces.filter((each) => !each.offloads).map((each) => `${off(each)} >/dev/null 2>&1`),
    "ip -batch - <<'IP'",
    ...loopback.map((address) => `address add ${address} dev lo`),
    ...interfaces.flatMap((each) =>
      each.addresses.map((address) => `address add ${address} dev ${each.name}`),
    ),
    ...interfaces.map((each) => `link set dev ${each.name} up`),
    ...routes.map((route) => `route add ${route}`),
    'IP',
    'NODE',
  ]
}

/**
 * Waits for a process and notes how it ended. $1: where its pid and its end are noted; $2: its log; then its command line.
 * Programs started in the background ignore SIGINT unless told otherwise.
 */
const supervise = `
state=$1 log=$2; shift 2
rm -f "$state.exit"
"$@" </dev/null >>"$log" 2>&1 &
echo $! >"$state.pid"
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
 * and well. woken: its main thread waits in kernel function $3; until then it gets signal $4 whenever all its threads sleep
 * and the main one pauses, since a signal at any other moment may find it in the middle of something. A kernel that does
 * not tell where processes wait leaves the pause to end by itself.
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
woken() {
  read -r pid <"$1.pid"
  where /proc/1; if [ "$place" = 0 ]; then sleep 6; return; fi
  until where "/proc/$pid" && [[ $place == *$3* ]]; do
    alive "$1" "$2"
    if [[ $place == *nanosleep* ]] && sleeps "$pid"; then kill "-$4" "$pid"; fi
    pause "$2"
  done
}
sleeps() { for task in /proc/"$1"/task/*; do where "$task" && [ "$place" != 0 ] || return 1; done; }
# A process that is started again gets a new log: what it said in its former life is set aside.
prepare() { rm -f "$1".*; [ ! -s "$2" ] || mv "$2" "$2.$(date +%s%3N)"; : >"$2"; }
`

/** Starts processes, those of a node in their order and the nodes side by side. `env` is a node's own environment. */
export function start(
  processes: readonly Placed[],
  directory: string,
  until: 'launched' | 'ready',
  env: (node: string) => NodePlan['env'] = () => ({}),
): string {
  const nodes = [...new Set(processes.map(({ node }) => node))]
  return [
    'set -eu',
    'pids=',
    `supervise=${quote(supervise)}`,
    waiting,
    ...nodes.map(
      (node) =>
        `(\n${startLines(node, processes, directory, until, env(node)).join('\n')}\n) & pids="$pids $!"`,
    ),
    'for pid in $pids; do wait "$pid"; done',
    '',
  ].join('\n')
}

function startLines(
  node: string,
  placed: readonly Placed[],
  directory: string,
  until: 'launched' | 'ready',
  env: NodePlan['env'],
): string[] {
  const processes = placed.filter((each) => each.node === node).map((each) => each.process)
  const kept = posix.join(directory, 'nodes', node)
  const state = (name: string): string => quote(`${kept}/state/${name}`)
  const awaits = (name: string): string => {
    const process = processes.find((each) => each.name === name)
    const who = quote(`${node}: ${name}`)
    if (process?.oneshot) return `done_well ${state(name)} ${who}`
    const log = quote(`${kept}/log/${name}.log`)
    const said = (text: string): string => `says ${state(name)} ${who} ${log} ${quote(text)}`
    if (process?.wake) {
      const { after, signal, until: place } = process.wake
      return `${said(after)}; woken ${state(name)} ${who} ${quote(place)} ${signal.slice(3)}`
    }
    if (process?.says !== undefined) return said(process.says)
    if (process?.ready === undefined) return `launched ${state(name)} ${who}`
    const file = process.ready.startsWith('/var/log/')
      ? process.ready.replace('/var/log', `${kept}/log`)
      : `/run/nodes/${node}${process.ready}`
    return `ready ${state(name)} ${who} ${quote(file)}`
  }
  return [
    ...processes.flatMap((process) => [
      ...(process.after ?? []).map(awaits),
      `prepare ${state(process.name)} ${quote(`${kept}/log/${process.name}.log`)}`,
      `setsid sh -c "$supervise" supervise ${words([
        `${kept}/state/${process.name}`,
        `${kept}/log/${process.name}.log`,
        ...inNode(node),
        ...environment.slice(0, 1),
        defaultSignals,
        ...environment.slice(1),
        ...ownEnvironment(env),
        ...process.argv,
      ])} >/dev/null 2>&1 9>&- &`,
    ]),
    ...processes.map(({ name }) =>
      until === 'ready' ? awaits(name) : `launched ${state(name)} ${quote(`${node}: ${name}`)}`,
    ),
  ]
}
