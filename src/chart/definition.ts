// What a chart is, and what can be wrong with its definition: everything that is, at once. database/ keeps definitions, rrd.ts the
// numbers that belong to them.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type KeyName, keys } from '../query/columns.ts'
import { parseFilter } from '../query/filter.ts'
import { prepare } from '../query/records.ts'

export const units = {
  bits: { label: 'bits/s', of: ({ bytes }: Amounts) => 8 * bytes },
  packets: { label: 'packets/s', of: ({ packets }: Amounts) => packets },
  flows: { label: 'flows/s', of: ({ records }: Amounts) => records },
} as const

/** Sums over rows, as counted so far. Bytes are of layer 3. */
export interface Amounts {
  readonly records: number
  readonly packets: number
  readonly bytes: number
}

const seconds = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 } as const
const durationPattern = /^([1-9]\d{0,8})([smhdwy])$/

/** `10s`, `5m`, `2w` in seconds; NaN for what is none. */
function durationOf(text: string): number {
  const [, count, unit = 's'] = durationPattern.exec(text) ?? []
  return count === undefined ? Number.NaN : Number(count) * seconds[unit as keyof typeof seconds]
}

const line = (most: number) =>
  z
    .string()
    .max(most, `at most ${most} characters`)
    .regex(/^\P{Cc}*$/u, 'one line, without control characters')
const duration = z.string().regex(durationPattern, 'a whole number and s, m, h, d, w or y, such as 10s')
const nameOf = (what: string) => z.string().regex(/^[A-Za-z0-9][\w.-]{0,62}$/, `the name of a ${what}`)

const archivePattern = /^(average|maximum|minimum|last) (\S+) (\S+)$/
const functions = { average: 'AVERAGE', maximum: 'MAX', minimum: 'MIN', last: 'LAST' } as const

export const definitionSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'small letters, digits, - and _')
    .describe('By which it is called'),
  title: line(120).default('').describe('Above the picture'),
  lab: line(200)
    .optional()
    .describe('The lab that is asked, by its name or run directory; without it the only one that is alive'),
  collector: nameOf('collector')
    .optional()
    .describe('Whose table is asked, or the way of whose exports is looked at'),
  table: nameOf('table').optional().describe("One of the collector's tables; without it the first"),
  witness: z
    .enum(['collected', 'arrived', 'exported', 'wire'])
    .default('collected')
    .describe(
      "collected: the collector's own table; arrived, exported: our records of the exports; wire: the kernel's counts",
    ),
  filter: line(4_000).default('').describe('What is counted, in the words of `flowlab records`'),
  key: z.enum(Object.keys(keys) as [KeyName, ...KeyName[]]).describe('A series for each of its values'),
  unit: z.enum(['bits', 'packets', 'flows']).default('bits').describe('Each a second'),
  step: duration.default('10s').describe('From one question to the next'),
  archives: z
    .array(z.string().regex(archivePattern, 'FUNCTION EVERY KEEP, such as "average 10s 8h"'))
    .max(20)
    .default([])
    .describe(
      'What is kept for how long; average and maximum, of 2880 steps and of 2880 times 30, without it',
    ),
  style: z.enum(['stack', 'lines']).default('stack'),
  most: z
    .int()
    .min(1)
    .max(50)
    .default(10)
    .describe('Series drawn by themselves; the others are one, `other`'),
  colours: z
    .array(z.string().regex(/^#[0-9a-fA-F]{6}$/, 'a colour such as #1f77b4'))
    .max(50)
    .default([])
    .describe('Of the series, the largest first'),
})

export type Definition = z.output<typeof definitionSchema>

/** A chart cannot be as it is defined: all that is wrong with it. */
export class DefinitionError extends Error {
  readonly problems: readonly string[]
  constructor(name: string, problems: readonly string[]) {
    super(`chart ${name}:\n${problems.map((each) => `  ${each}`).join('\n')}`)
    this.name = 'DefinitionError'
    this.problems = problems
  }
}

/** Throws DefinitionError. */
export function checked(given: unknown): Definition {
  const parsed = definitionSchema.safeParse(given)
  const fields = (typeof given === 'object' && given !== null ? given : {}) as Readonly<
    Record<string, unknown>
  >
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => issueText(issue, fields))),
    ...filterProblems(fields),
    ...(parsed.success ? [...archiveProblems(parsed.data), ...sourceProblems(parsed.data)] : []),
  ]
  if (!parsed.success || problems.length > 0)
    throw new DefinitionError(JSON.stringify(fields['name'] ?? 'without a name').slice(0, 80), problems)
  return parsed.data
}

function issueText(
  { path, message, code, ...more }: z.core.$ZodIssue,
  fields: Readonly<Record<string, unknown>>,
): string {
  const [field = ''] = path
  if (code === 'unrecognized_keys')
    return `${(more as { keys: string[] }).keys.join(', ')}: expected ${Object.keys(definitionSchema.shape).join(', ')}`
  const found = path.reduce<unknown>((value, key) => (value as never)?.[key], fields)
  const expected =
    code === 'invalid_value'
      ? (more as { values: unknown[] }).values.join(', ')
      : code === 'invalid_type'
        ? (more as { expected: string }).expected
        : message
  return `${String(path.length > 0 ? path.join('.') : field)}: expected ${expected}, found ${found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 80)}`
}

/** Also where other fields are wrong. */
function filterProblems({ filter, key, witness = 'collected' }: Readonly<Record<string, unknown>>): string[] {
  if (typeof filter !== 'string') return []
  const known = typeof key === 'string' && Object.hasOwn(keys, key) ? [key] : []
  try {
    parseFilter(filter)
    if (witness === 'collected' || witness === 'arrived' || witness === 'exported' || witness === 'wire')
      prepare({ witness, filter, group: known })
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

/** RRDtool makes the whole file at once: 8 octets a row and series. */
const mostRows = 200_000

function archiveProblems(definition: Definition): string[] {
  return archivesOf(definition).flatMap(({ text, every, keep, step }) => {
    const wrong = (expected: string): string[] => [`archives: ${text}: expected ${expected}`]
    if (!Number.isFinite(every) || !Number.isFinite(keep)) return wrong('durations such as 10s and 8h')
    if (every % step !== 0) return wrong(`a multiple of the step (${definition.step}), found ${every} s`)
    if (keep < every) return wrong('to keep at least one value')
    if (keep / every > mostRows) return wrong(`at most ${mostRows} values`)
    return []
  })
}

function sourceProblems({ witness, collector, table }: Definition): string[] {
  return [
    ...(table !== undefined && witness !== 'collected'
      ? [`table: only of what is collected, not of ${witness}`]
      : []),
    ...(table !== undefined && collector === undefined
      ? ['collector: expected one, since a table is named']
      : []),
    ...(witness === 'collected' && collector === undefined
      ? ['collector: expected the name of one, found nothing']
      : []),
  ]
}

export const stepOf = ({ step }: Definition): number => durationOf(step)

/** In seconds. */
interface Archive {
  readonly text: string
  readonly by: (typeof functions)[keyof typeof functions]
  readonly every: number
  readonly keep: number
  readonly step: number
}

export function archivesOf(definition: Definition): Archive[] {
  const step = stepOf(definition)
  if (definition.archives.length > 0)
    return definition.archives.map((text) => {
      const [, by = 'average', every = '', keep = ''] = archivePattern.exec(text) ?? []
      return {
        text,
        by: functions[by as keyof typeof functions],
        every: durationOf(every),
        keep: durationOf(keep),
        step,
      }
    })
  return ([1, 30] as const).flatMap((times) =>
    (['AVERAGE', 'MAX'] as const).map((by) => {
      return { text: 'default', by, every: step * times, keep: step * times * 2_880, step }
    }),
  )
}

/** What is asked of the witness: its own filter, at its own collector and table. */
export function filterOf({ filter, collector, table }: Definition): string {
  return [
    ...(filter.trim() === '' ? [] : [`(${filter})`]),
    ...(collector === undefined ? [] : [`collector "${collector}"`]),
    ...(table === undefined ? [] : [`table "${table}"`]),
  ].join(' and ')
}

/** Where its numbers are: a chart that counts something else has others; a new title changes nothing. */
export function directoryOf({
  name: own,
  lab,
  collector,
  table,
  witness,
  filter,
  key,
  unit,
  step,
  archives,
}: Definition): string {
  const counted = JSON.stringify([lab, collector, table, witness, filter, key, unit, step, archives])
  return `${own}-${createHash('sha256').update(counted).digest('hex').slice(0, 12)}`
}
