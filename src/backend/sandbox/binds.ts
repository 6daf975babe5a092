// How a node of the sandbox gets what its binds name, before its own directories cover the machine's. Where the machine has no
// such path, the directory that should hold it is covered by one of links to all that it holds: so a place can be made there,
// and the machine's own stays as it is.

import type { NodePlan } from '../../plan/plan.ts'
import { words } from '../common/shell.ts'

/**
 * In bash. bind: $1, the source; $2, where to; $3, a directory of the node's own, empty where the place for it lies in one that
 * may be written to; $4, ro or rw.
 */
export const binding = `
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
export function bindLine(
  bind: NodePlan['binds'][number],
  mounts: readonly [string, string][],
  own: string,
): string {
  const covered = mounts.find(([, target]) => `${bind.target}/`.startsWith(`${target}/`))
  const place = covered ? `${covered[0]}${bind.target.slice(covered[1].length)}` : bind.target
  return `bind ${words([bind.source, place, covered ? '' : own, bind.readonly ? 'ro' : 'rw'])}`
}
