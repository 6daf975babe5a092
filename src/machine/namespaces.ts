// The namespaces that a lab lives in, made as the sandbox makes them and thrown away, with the kernel's features tried inside;
// and, where the machine gives none, which of the known reasons it has: an ordered table.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { path } from '../backend/common/shell.ts'
import { endGroup, isRoot, unshareArguments } from '../backend/sandbox/namespace.ts'
import type { Plan } from '../plan/plan.ts'
import { asRoot, type Check } from './check.ts'
import { featuresFor, parseTrials, trials } from './kernel.ts'

/** What a lab does before its first node stands: names itself, mounts, has a namespace within the namespace. */
const beginning = `
set -e
hostname flowlab
mount --no-mtab -t tmpfs -o mode=755 flowlab /run
unshare --net --mount --uts mount --no-mtab --bind /run /mnt
set +e
echo ready
`

/** Longest time for all of it; each trial takes some hundredths of a second, s. */
const limit = 5

/**
 * One check of the namespaces themselves, then one of each feature. Where an ordinary user's own users are not possible yet
 * (`mapped` false), the rest is tried without them, so that everything that is missing is said at once.
 */
export async function checkNamespaces(mapped: boolean, plan?: Plan): Promise<Check[]> {
  const features = featuresFor(plan)
  const { said, error } = await tryOut(
    unshareArguments.filter((each) => mapped || each !== '--map-auto'),
    beginning + trials(features),
  )
  const works = /^ready$/m.test(said)
  const reason = works ? undefined : reasonOf(sceneOf(error))
  const namespaces: Check = {
    what: 'namespaces',
    state: works ? 'ok' : 'missing',
    found: reason?.found ?? (isRoot ? 'as root' : 'as an ordinary user'),
    why: 'a lab touches nothing of the machine that it runs on',
    remedy: { advice: reason?.remedy ?? '' },
  }
  return [namespaces, ...parseTrials(features, said)]
}

function tryOut(args: readonly string[], script: string): Promise<{ said: string; error: string }> {
  return new Promise((resolve) => {
    const child = spawn('unshare', [...args, 'bash', '--norc'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: path, LANG: 'C.UTF-8' },
      detached: true,
      timeout: limit * 1_000,
      killSignal: 'SIGKILL',
    })
    let [said, error] = ['', '']
    child.stdout.on('data', (data: Buffer) => (said += data.toString()))
    child.stderr.on('data', (data: Buffer) => (error += data.toString()))
    child.stdin.on('error', () => {}) // It ended before it read all; what it said tells why.
    child.stdin.end(script)
    child.once('error', ({ message }) => resolve({ said, error: message }))
    // Where the kernel refuses, unshare leaves the helper that was to write the id maps behind, waiting for ever.
    child.once('exit', () => endGroup(child.pid))
    child.once('close', () => resolve({ said, error }))
  })
}

/** What is known of a machine that gives no namespaces. */
export interface Scene {
  /** What unshare, or what came after it, said. */
  readonly error: string
  readonly isRoot: boolean
  /** A sysctl's value; undefined where the kernel has none of the name. */
  readonly sysctl: (name: string) => string | undefined
  /** The root directory is not the root of a mount: a chroot, in which the kernel makes no user namespaces. */
  readonly chroot: boolean
  readonly container: boolean
}

const sceneOf = (error: string): Scene => ({
  error: error.trim(),
  isRoot,
  sysctl: (name) => read(`/proc/sys/${name.replaceAll('.', '/')}`)?.trim(),
  chroot: !/^(\S+ ){4}\/ /m.test(read('/proc/self/mountinfo') ?? ''),
  container: ['/.dockerenv', '/run/.containerenv'].some((file) => existsSync(file)),
})

interface Reason {
  readonly found: string
  readonly remedy: string
}

const setting = (name: string, value: string): string =>
  `${asRoot(`sysctl -w ${name}=${value}`)} (and a line in /etc/sysctl.d to keep it)`

/** Settings by which a machine refuses namespaces: the value that does, and one that does not. */
const settings = [
  { name: 'user.max_user_namespaces', refuses: '0', allows: '15000', of: 'ordinary users' },
  { name: 'user.max_net_namespaces', refuses: '0', allows: '15000', of: 'all' },
  { name: 'user.max_mnt_namespaces', refuses: '0', allows: '15000', of: 'all' },
  { name: 'user.max_pid_namespaces', refuses: '0', allows: '15000', of: 'all' },
  { name: 'kernel.unprivileged_userns_clone', refuses: '0', allows: '1', of: 'ordinary users' },
  // AppArmor's: user namespaces are made, but have no rights (Ubuntu 23.10 and newer).
  { name: 'kernel.apparmor_restrict_unprivileged_userns', refuses: '1', allows: '0', of: 'ordinary users' },
] as const

/** The first that applies is the reason. */
export function reasonOf({ error, isRoot: root, sysctl, chroot, container }: Scene): Reason {
  const refusing = settings.find(
    ({ name, refuses, of }) => (of === 'all' || !root) && sysctl(name) === refuses,
  )
  if (/unrecognized option/.test(error))
    return { found: `an old unshare: ${error.split('\n')[0]}`, remedy: 'util-linux 2.38 or newer' }
  if (refusing)
    return {
      found: `${refusing.name} is ${refusing.refuses}`,
      remedy: setting(refusing.name, refusing.allows),
    }
  if (/No space left on device/.test(error))
    return {
      found: 'the limit on namespaces is reached',
      remedy: 'end other labs or containers (`flowlab inspect`), or raise user.max_*_namespaces',
    }
  if (chroot)
    return {
      found: `a chroot, in which namespaces cannot be made (${error})`,
      remedy: 'run outside of the chroot, or in a container made with pivot_root (systemd-nspawn does)',
    }
  if (container)
    return {
      found: `a container without the right to namespaces (${error})`,
      remedy: 'start the container with --privileged',
    }
  return {
    found: error || 'unshare ended without a word',
    remedy: root
      ? 'root needs CAP_SYS_ADMIN here: run on the machine itself, or as an ordinary user'
      : 'ask who runs this machine for unprivileged user namespaces (CONFIG_USER_NS)',
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
