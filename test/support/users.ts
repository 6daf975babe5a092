// An ordinary user to run labs as, where the tests run as root: none is created, one who is there is taken.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { isRoot, root } from './labs.ts'
import { have } from './tools.ts'

export interface User {
  readonly uid: number
  readonly gid: number
  /** What runs a command as the user. */
  readonly through: readonly string[]
}

/** The first user with sub-ids, which the sandbox takes, or any, who can read this checkout; or why there is none. */
export function otherUser(
  which: 'with sub-ids' | 'any' = 'with sub-ids',
): User | { readonly reason: string } {
  if (!isRoot) return { reason: 'the tests run as an ordinary user already' }
  if (which === 'with sub-ids' && !have('newuidmap'))
    return { reason: 'no newuidmap: apt-get install uidmap' }
  const users = linesOf('/etc/passwd').map((line) => line.split(':'))
  const granted = new Set(['/etc/subuid', '/etc/subgid'].flatMap(linesOf).map((line) => line.split(':')[0]))
  const candidates = users
    .filter(([name, , uid]) => Number(uid) !== 0 && (which === 'any' || granted.has(name)))
    .map(([, , uid, gid]) => ({ uid: Number(uid), gid: Number(gid) }))
    .map(
      (ids): User => ({
        ...ids,
        through: ['setpriv', `--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups', '--'],
      }),
    )
  if (candidates.length === 0) return { reason: 'no user of this machine has sub-ids in /etc/subuid' }
  return candidates.find(canRead) ?? { reason: `no user (${which}) can read ${root}` }
}

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []

function canRead({ through: [command = '', ...rest] }: User): boolean {
  try {
    execFileSync(command, [...rest, process.execPath, `${root}/bin/flowlab`, '--help'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
