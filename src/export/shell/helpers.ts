// The part of the script that is the same for every lab: the namespaces that hold it, and the few verbs in which the rest of
// the script speaks (node, on, file, start, wait_for).

import { environment, words } from './words.ts'

export const helpers = String.raw`
# The whole lab lives in one set of namespaces (network, mounts, processes, host name) that one process holds: nothing of this
# machine's network, mounts or processes is touched, and when the holder ends the kernel removes all of it. An ordinary user
# gets a user namespace as well, and is root in it.
hold() {
  if [ -e "$lab/pid" ] && kill -0 "$(cat "$lab/pid")" 2>/dev/null; then
    echo "$lab is up: take it down first, or name another directory by LAB_DIRECTORY" >&2
    exit 1
  fi
  rm -f "$lab/pid" "$lab/held" && mkdir -p "$lab"
  local user=()
  [ "$(id -u)" = 0 ] || user=(--user --map-root-user --map-auto)
  setsid unshare "${'${user[@]}'}" --net --mount --ipc --uts --pid --fork --kill-child --mount-proc bash -ec '
    mount --no-mtab -t tmpfs -o mode=755 lab /run
    mkdir /run/netns /run/ns /run/nodes
    ip link set lo up
    touch "$1"
    while :; do sleep infinity; done' hold "$lab/held" </dev/null >"$lab/hold.log" 2>&1 &
  echo $! >"$lab/pid"
  wait_for "the lab's namespaces" test -e "$lab/held"
}

# Runs this script's function inside the lab.
enter() {
  [ -e "$lab/pid" ] || { echo "$lab is not up" >&2; exit 1; }
  local pid user=()
  pid=$(cat "$lab/pid")
  [ "$(id -u)" = 0 ] || user=(--user)
  nsenter --target="$pid" "${'${user[@]}'}" --net --mount --ipc --uts --pid="/proc/$pid/ns/pid_for_children" --wdns=/ \
    env INSIDE=yes LAB_DIRECTORY="$lab" bash "$self" "$@"
}

# node NAME DIRECTORY...: a node is a network namespace (interfaces, addresses, routes), a mount namespace, in which it has a
# /run, /tmp, /var/log and the given directories of /etc of its own, and a UTS namespace (its host name). A sleeping process
# keeps all three; /run/netns is where ip(8) looks for namespaces by name.
node() {
  local name=$1 own=/run/nodes/$1 pid
  shift
  mkdir -p "$own/run" "$own/tmp" "$lab/$name"
  chmod 1777 "$own/tmp"
  read -r pid < <(exec setsid unshare --net --mount --uts bash -ec '
    name=$1 own=$2 log=$3
    shift 3
    hostname "$name"
    for each; do mkdir -p "$own$each"; mount --bind "$own$each" "$each"; done
    mount --bind "$log" /var/log
    mount --bind "$own/tmp" /var/tmp
    mount --bind "$own/tmp" /tmp
    mount --bind "$own/run" /run
    ip link set lo up
    echo $$
    exec -a "node:$name" sleep infinity </dev/null >/dev/null 2>&1' node "$name" "$own" "$lab/$name" "$@")
  ln -s "/proc/$pid/ns" "/run/ns/$name"
  ln -s "/proc/$pid/ns/net" "/run/netns/$name"
}

# on NODE COMMAND...: a command on a node, with a clean environment.
on() {
  local node=$1 own=()
  shift
  environment_of "$node"
  ${'${how:-}'} nsenter --net="/run/ns/$node/net" --mount="/run/ns/$node/mnt" --uts="/run/ns/$node/uts" --wd=/ -- \
    env --default-signal=INT,QUIT,PIPE ENVIRONMENT "${'${own[@]}'}" "$@"
}

# file NODE PATH: standard input becomes a file of the node.
file() { on "$1" sh -c 'mkdir -p "$(dirname "$1")" && cat >"$1"' file "$2"; }

# start NODE NAME COMMAND...: a daemon. Its output is $lab/NODE/NAME.log, its pid (in the lab) $lab/NODE/NAME.pid.
start() {
  local node=$1 name=$2
  shift 2
  how='exec setsid' on "$node" "$@" </dev/null >"$lab/$node/$name.log" 2>&1 &
  echo $! >"$lab/$node/$name.pid"
}

# wait_for WHAT COMMAND...: until the command succeeds; what has not come after a minute will not.
wait_for() {
  local what=$1
  shift
  SECONDS=0
  until "$@" >/dev/null 2>&1; do
    (( SECONDS < 60 )) || { echo "$what: not after a minute; the logs are in $lab" >&2; exit 1; }
    sleep 0.05
  done
}

has_route() { on "$1" ip "$2" route show "$3" | grep -qv '^blackhole'; }
gone() { ! kill -0 "$(cat "$lab/$1/$2.pid")"; }
`.replace('ENVIRONMENT', words(environment.slice(1)))
