// What an examination of the machine says of each thing that labs need, and how all that is missing is said in one go.
// programs.ts, subids.ts, namespaces.ts and kernel.ts find out; examine.ts joins them.

import { MachineError } from '../backend.ts'

export interface Check {
  readonly what: string
  /** Unknown: it could not be tried, since something else is missing. */
  readonly state: 'ok' | 'missing' | 'unknown'
  /** The version and place of what is there, or what was seen instead. */
  readonly found: string
  /** What labs need it for. */
  readonly why: string
  readonly remedy: Remedy
  /** Most labs do without it. */
  readonly optional?: boolean
}

/**
 * A Debian package; a command that may be run without a second thought; or advice, where the machine's owner has to decide
 * or no command helps.
 */
export type Remedy = { readonly package: string } | { readonly command: string } | { readonly advice: string }

const isRoot = process.getuid?.() === 0

/** The command as this user has to write it. */
export const asRoot = (command: string): string => (isRoot ? command : `sudo ${command}`)

const install = (packages: readonly string[]): string =>
  asRoot(`apt-get install --no-install-recommends ${packages.join(' ')}`)

export const formatRemedy = (remedy: Remedy): string =>
  'package' in remedy ? install([remedy.package]) : 'command' in remedy ? remedy.command : remedy.advice

export interface Remedies {
  /** Debian packages, each once. */
  readonly packages: readonly string[]
  readonly commands: readonly string[]
  /** What no command brings. */
  readonly advice: readonly string[]
}

export function remediesOf(checks: readonly Check[]): Remedies {
  const remedies = checks
    .filter(({ state, optional }) => state === 'missing' && !optional)
    .map(({ remedy }) => remedy)
  const all = (pick: (remedy: Remedy) => string[]) => [...new Set(remedies.flatMap(pick))]
  return {
    packages: all((remedy) => ('package' in remedy ? [remedy.package] : [])),
    commands: all((remedy) => ('command' in remedy ? [remedy.command] : [])),
    advice: all((remedy) => ('advice' in remedy ? [remedy.advice] : [])),
  }
}

/** The one command that brings all that a command can bring; empty where none can. */
export function commandOf({ packages, commands }: Remedies): string {
  return [...(packages.length > 0 ? [install(packages)] : []), ...commands].join(' && ')
}

/** What a lab lacks as one error: each missing thing with its reason, and the command that brings them all. */
export function refusal(lacks: readonly Check[]): MachineError {
  const lines = lacks.map(({ what, found, why }) => `  ${what}: ${found} (${why})`)
  const remedies = remediesOf(lacks)
  return new MachineError(
    [`this machine lacks what the lab needs:`, ...lines].join('\n'),
    [commandOf(remedies), ...remedies.advice].filter((each) => each !== '').join('\n'),
  )
}
