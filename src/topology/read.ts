// Reads plain data by the schema, as far as it goes: zod alone gives a value or none, but whoever corrects a file wants to
// hear of all mistakes at once, so what is right in it is kept for check.ts, and what is wrong is said and left out.
import { z } from 'zod'
import { words } from './fields.ts'
import type { Path } from './problem.ts'
import type { Report } from './report.ts'
import { listing, nearest, show, suggestion } from './suggest.ts'

/** What can be had of a file with mistakes: any part may be missing. Where nothing was reported, nothing is. */
export type Draft<S> =
  S extends z.ZodOptional<infer Inner>
    ? Draft<Inner>
    : S extends z.ZodPrefault<infer Inner>
      ? Draft<Inner>
      : S extends z.ZodObject<infer Shape>
        ? { readonly [Key in keyof Shape]?: Draft<Shape[Key]> | undefined }
        : S extends z.ZodTuple<infer Items>
          ? { readonly [Index in keyof Items]: Draft<Items[Index]> | undefined }
          : S extends z.ZodArray<infer Item>
            ? readonly (Draft<Item> | undefined)[]
            : S extends z.ZodRecord<z.core.$ZodRecordKey, infer Value>
              ? Readonly<Record<string, Draft<Value> | undefined>>
              : S extends z.ZodUnion<infer Options>
                ? Draft<Options[number]>
                : z.output<S>

/** Reads `found` by `schema` and reports each mistake in it. */
export const readDraft = <S extends z.ZodType>(
  schema: S,
  found: unknown,
  report: Report,
): Draft<S> | undefined => read(schema, found, [], report) as Draft<S> | undefined

type Mapping = Readonly<Record<string, unknown>>
export const isMapping = (found: unknown): found is Mapping =>
  typeof found === 'object' && found !== null && !Array.isArray(found)

function read(schema: unknown, found: unknown, path: Path, report: Report): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    const given = found === undefined && schema instanceof z.ZodPrefault ? schema.def.defaultValue : found
    return read(schema.unwrap(), given, path, report)
  }
  if (schema instanceof z.ZodDiscriminatedUnion) return readKind(schema, found, path, report)
  if (schema instanceof z.ZodUnion) return read(optionFor(schema.options, found), found, path, report)
  if (schema instanceof z.ZodObject) return readObject(schema, found, path, report)
  if (schema instanceof z.ZodRecord) return readRecord(schema, found, path, report)
  if (schema instanceof z.ZodTuple) return readList(schema, schema.def.items, found, path, report)
  if (schema instanceof z.ZodArray) {
    // Words of its own: it must not be empty.
    if (words.get(schema) && Array.isArray(found) && found.length === 0)
      return readField(schema, found, path, report)
    return readList(schema, schema.element, found, path, report)
  }
  if (schema instanceof z.ZodType) return readField(schema, found, path, report)
  throw new TypeError(`no schema at ${path.join('.')}`)
}

/** Of a field that may be a list or something else, what the file seems to mean. */
const optionFor = (options: readonly unknown[], found: unknown): unknown =>
  options.find((option) => formOf(option) === (Array.isArray(found) ? 'list' : typeof found)) ??
  options.find((option) => formOf(option) === 'string')

const formOf = (option: unknown): 'list' | 'object' | 'string' => {
  if (option instanceof z.ZodTuple || option instanceof z.ZodArray) return 'list'
  return option instanceof z.ZodObject || option instanceof z.ZodRecord ? 'object' : 'string'
}

function readField(schema: z.ZodType, found: unknown, path: Path, report: Report): unknown {
  const result = schema.safeParse(found)
  if (result.success) return result.data
  const { expected, remedy } = words.get(schema) ?? {
    expected: 'another value',
    remedy: 'Write another value.',
  }
  report(
    path,
    `expected ${expected}, found ${show(found)}`,
    typeof remedy === 'string' ? remedy : remedy(found),
  )
  return undefined
}

const readObject = (schema: z.ZodObject, found: unknown, path: Path, report: Report): unknown => {
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape
  const keys = Object.keys(shape)
  const { catchall } = schema.def
  const others = catchall instanceof z.ZodNever ? undefined : catchall
  if (!isMapping(found))
    return refuse('a mapping', found, path, report, `Its keys are ${listing(keys, 'and')}.`)
  // A misspelt key is read as the one that was meant: what stands in it is checked too, and nothing is said to be missing.
  const written = new Map(keys.flatMap((key) => (Object.hasOwn(found, key) ? [[key, key] as const] : [])))
  for (const key of Object.keys(found)) {
    if (Object.hasOwn(shape, key) || others) continue
    const meant = nearest(
      key,
      keys.filter((known) => !written.has(known)),
    )
    if (meant !== undefined) written.set(meant, key)
    const remedy =
      meant === undefined ? `The keys here are ${listing(keys, 'and')}.` : `Did you mean ${meant}?`
    report([...path, key], `expected a known key, found ${show(key)}`, remedy, 'key')
  }
  // In the draft, what the file lacks is no key, and what could not be read is a key without a value.
  const open = others ? Object.keys(found).filter((key) => !Object.hasOwn(shape, key)) : []
  return Object.fromEntries([
    ...open.map((key) => [key, read(others, found[key], [...path, key], report)]),
    ...Object.entries(shape).flatMap(([key, field]) => {
      const from = written.get(key)
      if (from !== undefined) return [[key, read(field, found[from], [...path, from], report)]]
      if (field instanceof z.ZodPrefault) return [[key, read(field, undefined, [...path, key], report)]]
      if (!(field instanceof z.ZodOptional))
        report([...path, key], `expected ${describe(field)}, found no ${key}`, `Write ${key}: …`, 'key')
      return []
    }),
  ])
}

/** What a missing field should have been. */
const describe = (schema: unknown): string => {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return 'a mapping'
  return (schema instanceof z.ZodType && words.get(schema)?.expected) || 'a list'
}

function readRecord(schema: z.ZodRecord, found: unknown, path: Path, report: Report): unknown {
  if (!isMapping(found)) return refuse('a mapping', found, path, report, 'Write name: { … } for each.')
  return Object.fromEntries(
    Object.entries(found).map(([key, value]) => {
      const inner = [...path, key]
      // A bad name is kept, or all that refers to it would be wrong too.
      read(schema.keyType, key, inner, (at, message, remedy) => report(at, message, remedy, 'key'))
      return [key, read(schema.valueType, value, inner, report)]
    }),
  )
}

/** A list of one kind of item, or, where `items` is a list itself, of exactly those. */
function readList(schema: z.ZodType, items: unknown, found: unknown, path: Path, report: Report): unknown {
  const exactly = Array.isArray(items) ? items.length : undefined
  if (!Array.isArray(found) || (exactly !== undefined && exactly !== found.length)) {
    const said = words.get(schema)
    const remedy =
      typeof said?.remedy === 'string'
        ? said.remedy
        : 'Begin each entry on a line of its own with a -, or leave the key out.'
    const shown = Array.isArray(found) ? `${found.length}` : show(found)
    report(path, `expected ${said?.expected ?? 'a list'}, found ${shown}`, remedy)
    return undefined
  }
  return found.map((item: unknown, index) =>
    read(Array.isArray(items) ? items[index] : items, item, [...path, index], report),
  )
}

/** One of several mappings, told apart by one of their fields. */
function readKind(schema: z.ZodDiscriminatedUnion, found: unknown, path: Path, report: Report): unknown {
  const { discriminator } = schema.def
  const options = new Map(
    schema.options.flatMap((option) => {
      const kind: unknown = option instanceof z.ZodObject ? option.shape[discriminator] : undefined
      return kind instanceof z.ZodLiteral ? [[String(kind.value), option] as const] : []
    }),
  )
  const kinds = [...options.keys()]
  if (!isMapping(found))
    return refuse('a mapping', found, path, report, `Write { ${discriminator}: ${kinds[0]}, … }.`)
  if (!Object.hasOwn(found, discriminator)) {
    report(path, `expected ${listing(kinds)}, found no ${discriminator}`, `Write ${discriminator}: …`)
    return undefined
  }
  const kind = found[discriminator]
  const option = typeof kind === 'string' ? options.get(kind) : undefined
  if (option) return read(option, found, path, report)
  return refuse(
    listing(kinds),
    kind,
    [...path, discriminator],
    report,
    suggestion(kind, kinds, 'Write one of them.'),
  )
}

function refuse(expected: string, found: unknown, path: Path, report: Report, remedy: string): undefined {
  report(path, `expected ${expected}, found ${show(found)}`, remedy)
}
