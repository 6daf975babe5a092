// The numbers of charts in RRDtool's files: a directory a chart, a file a series, named by its value. All commands of one step go
// through one pipe (`rrdtool -`), in which nothing stands that others wrote: file names are encoded, the rest are numbers.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Reading, type Rates, readingSchema } from './counting.ts'
import { archivesOf, type Definition, stepOf } from './definition.ts'

/** RRDtool is missing, or refuses. */
export class RrdError extends Error {
  readonly isMissing: boolean
  constructor(message: string, isMissing = false) {
    super(message)
    this.name = 'RrdError'
    this.isMissing = isMissing
  }
}

/** The sum of all series, kept beside them: known whenever the collector answered. No encoded label begins so. */
export const total = '+total'
/** Files of a chart; what more series there are is in the sum alone. */
const mostSeries = 200
/** Octets of an encoded label; a longer one is cut and told from others by its hash. */
const longest = 200

/** Encoded so that neither a shell, RRDtool nor a file system sees anything but a name. */
export function encodeLabel(label: string): string {
  const encoded = (text: string): string =>
    encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\ufffd')).replaceAll(
      /[!'()*~.]/g,
      (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  const whole = encoded(label)
  if (whole.length <= longest) return whole
  const hash = createHash('sha256').update(label).digest('hex').slice(0, 12)
  return encoded(`${label.slice(0, 20)}… ${hash}`)
}

const decodeLabel = (file: string): string => decodeURIComponent(file.slice(0, -'.rrd'.length))

/** Labels of the series that have a file, by file. */
export async function seriesIn(directory: string): Promise<ReadonlyMap<string, string>> {
  const files = await readdir(directory).catch(() => [])
  return new Map(
    files
      .filter((file) => file.endsWith('.rrd') && !file.startsWith(total))
      .map((file) => [file, decodeLabel(file)] as const)
      .sort(([, a], [, b]) => a.localeCompare(b)),
  )
}

/** That one reading may end. */
const mostSteps = 3

const lastFile = 'last.json'

/** What was counted last; undefined where nothing is known. */
export async function lastReading(directory: string): Promise<Reading | undefined> {
  const text = await readFile(join(directory, lastFile), 'utf8').catch(() => '{}')
  try {
    return readingSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

export async function keepReading(directory: string, reading: Reading | undefined): Promise<void> {
  const file = join(directory, lastFile)
  await writeFile(`${file}.new`, JSON.stringify(reading ?? {}))
  await rename(`${file}.new`, file)
}

/**
 * Puts a step's rates in; those undefined as unknown. Times in milliseconds since 1970: `from` is where the rates begin. A series
 * that has a file and no rate is unknown.
 */
export async function update(
  directory: string,
  definition: Definition,
  { from, at }: { readonly from: number; readonly at: number },
  found: Rates,
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const known = await seriesIn(directory)
  const room = Math.max(0, mostSeries - known.size)
  const values = new Map<string, number | undefined>([...known.keys()].map((file) => [file, undefined]))
  let added = 0
  for (const [label, rate] of found.series) {
    const file = `${encodeLabel(label)}.rrd`
    if (!values.has(file) && added++ >= room) continue
    values.set(file, rate)
  }
  values.set(`${total}.rrd`, found.total)
  const step = stepOf(definition)
  const archives = archivesOf(definition).map(
    ({ by, every, keep }) => `RRA:${by}:0.5:${every / step}:${Math.ceil(keep / every)}`,
  )
  // RRDtool gives all steps that an update ends one value, unknown if the first was: so each is ended by itself.
  const ends = Array.from(
    { length: Math.max(0, Math.ceil(at / 1000 / step) - Math.floor(from / 1000 / step) - 1) },
    (_, index) => (Math.floor(from / 1000 / step) + 1 + index) * step * 1000,
  )
  const times = [...(ends.length <= mostSteps ? ends : []), at]
  const commands = [...values].flatMap(([file, rate]) => [
    ...(existsSync(join(directory, file))
      ? []
      : [
          `create ${file} --start ${Math.floor(from / 1000) - 2 * step} --step ${step} DS:value:GAUGE:${2 * step}:0:U ${[...new Set(archives)].join(' ')}`,
          // Until then there was nothing of it.
          ...(rate === undefined ? [] : [`update ${file} ${(from / 1000).toFixed(3)}:0`]),
        ]),
    `update ${file} ${rate === undefined ? `${(at / 1000).toFixed(3)}:U` : times.map((each) => `${(each / 1000).toFixed(3)}:${rate.toFixed(3)}`).join(' ')}`,
  ])
  const said = (await rrdtool(['-'], { cwd: directory, input: `${commands.join('\n')}\nquit\n` })).toString()
  const refused = said
    .split('\n')
    // Of two pollers the one that was there first is right.
    .find((line) => line.startsWith('ERROR') && !line.includes('illegal attempt to update'))
  if (refused !== undefined) throw new RrdError(refused)
}

/** Runs RRDtool and gives what it prints. Throws RrdError. */
export function rrdtool(
  argv: readonly string[],
  { cwd, input = '' }: { readonly cwd: string; readonly input?: string },
): Promise<Buffer> {
  const child = spawn('rrdtool', [...argv], { cwd, stdio: 'pipe', timeout: 60_000 })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (data: Buffer) => out.push(data))
  child.stderr.on('data', (data: Buffer) => err.push(data))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT' && existsSync(cwd)
          ? new RrdError('rrdtool is missing', true)
          : new RrdError(error.message),
      ),
    )
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out))
      else
        reject(
          new RrdError(`rrdtool ${argv[0]}: ${Buffer.concat(err).toString().trim() || `ended with ${code}`}`),
        )
    })
  })
}
