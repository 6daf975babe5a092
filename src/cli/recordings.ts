// `flowlab verify --wire … --exports …`: its options, read and checked, and its verdict, printed.

import { parseAddress } from '../kernel/address.ts'
import { InputError } from './exit.ts'
import type { Format } from './format.ts'

export interface RecordingOptions {
  readonly wire: string
  readonly exports: string
  readonly interval: string
  readonly direction: 'in' | 'out'
  readonly exporter: string
  readonly sampling: string
  readonly filter: string
}

/** Whether recordings are meant, all that it takes being there. Throws InputError where only half of it is. */
export function wantsRecordings(
  named: string | undefined,
  options: Partial<RecordingOptions>,
): options is Partial<RecordingOptions> & Pick<RecordingOptions, 'wire' | 'exports'> {
  const { wire, exports } = options
  const given = (
    ['wire', 'exports', 'interval', 'direction', 'exporter', 'sampling', 'filter'] as const
  ).filter((name) => options[name] !== undefined)
  if (given.length === 0) return false
  if (wire === undefined || exports === undefined)
    throw new InputError(
      `--${given[0]} is about recordings, and --${wire === undefined ? 'wire' : 'exports'} is missing`,
      'flowlab verify --wire LINK.pcap --exports EXPORTS.pcap',
    )
  if (named !== undefined)
    throw new InputError(
      `recordings are judged without a run, and ${named} is named`,
      'leave one of them away',
    )
  return true
}

/** Prints the verdict and says whether it is good. Throws InputError for what cannot be judged. */
export async function judgeRecordings(
  {
    wire,
    exports,
    interval,
    direction,
    exporter,
    sampling,
    filter,
  }: Partial<RecordingOptions> & Pick<RecordingOptions, 'wire' | 'exports'>,
  format: Format,
): Promise<boolean> {
  if (exporter !== undefined && !parseAddress(exporter))
    throw new InputError(`--exporter: expected an address, found ${exporter}`, 'such as 192.0.2.1')
  if (sampling !== undefined && !(Number(sampling) >= 1))
    throw new InputError(`--sampling: expected N of 1:N, found ${sampling}`, 'such as 1000; 1 for none')
  if (format !== 'text' && format !== 'json')
    throw new InputError(`--format ${format} is for labs`, 'text or json, with recordings')
  const [{ judgeLink }, { LinkError }] = await Promise.all([
    import('../link/judge.ts'),
    import('../link/refusal.ts'),
  ])
  const verdict = await judgeLink({
    wire,
    exports,
    ...(interval === undefined ? {} : { interval: parseInterval(interval) }),
    ...(direction === undefined ? {} : { direction }),
    ...(exporter === undefined ? {} : { exporter }),
    ...(sampling === undefined ? {} : { sampling: Number(sampling) }),
    ...(filter === undefined ? {} : { filter }),
  }).catch((error: unknown) => {
    if (error instanceof LinkError) throw new InputError(error.message, error.remedy)
    throw error
  })
  if (format === 'json') process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`)
  else process.stdout.write((await import('../report/link.ts')).linkReport(verdict))
  return verdict.pass
}

/** `FROM..TO` in microseconds since 1970; what is left out is without end. */
export function parseInterval(text: string): { readonly from: number; readonly to: number } {
  const [from, to, more] = text.split('..')
  const wrong = (found: string): never => {
    throw new InputError(
      `--interval: expected FROM..TO, found ${found}`,
      'such as 2026-11-24T12:00:00Z..2026-11-24T12:05:00Z, or 1795521600..1795521900',
    )
  }
  if (from === undefined || to === undefined || more !== undefined) return wrong(text)
  const time = (part: string, otherwise: number): number => {
    if (part === '') return otherwise
    const seconds = /^\d+(\.\d+)?$/.test(part) ? Number(part) : Date.parse(part) / 1000
    return Number.isFinite(seconds) ? seconds * 1e6 : wrong(part)
  }
  const interval = { from: time(from, 0), to: time(to, endOfTime) }
  return interval.from < interval.to ? interval : wrong(`${text}, which ends before it begins`)
}

/** In microseconds; the year 2255. */
const endOfTime = 2 ** 53 - 1
