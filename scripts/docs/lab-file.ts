// docs/lab-file.md: every key of the lab file, from the schema that reads it and the words with which its errors speak.

import { z } from 'zod'
import { words } from '../../src/topology/fields.ts'
import { LabFile } from '../../src/topology/schema.ts'
import { listing } from '../../src/topology/suggest.ts'
import { code, document, origin, table } from './markdown.ts'

/** A mapping whose keys are described in a section of their own. */
interface Section {
  readonly title: string
  readonly schema: z.ZodObject
}

export function labFile(): string {
  const sections = [{ title: '', schema: LabFile }, ...sectionsIn(LabFile, '')]
  return document(
    origin('src/topology/schema.ts'),
    '# The lab file',
    [
      'One YAML 1.2 file describes a lab. What is not written has the default that stands here; what is no key is an error.',
      '`flowlab validate FILE` reports every mistake with its line, column and remedy, and touches nothing.',
      'Editors complete and check it by `schema/lab.schema.json`:',
    ].join('\n'),
    '```yaml\n# yaml-language-server: $schema=../../schema/lab.schema.json\n```',
    'What spans several keys (names that nothing has, overlapping prefixes, a flow larger than an MTU on its way) is checked as well.',
    ...sections.flatMap(({ title, schema }) => [
      title === '' ? '## The file' : `## ${title}`,
      table(['key', 'value', 'default', 'meaning'], rows(schema)),
    ]),
    '## Small languages',
    table(
      ['written as', 'examples', 'limits'],
      [
        ['duration', '`150ms`, `4s`, `1.5s`, `2m`, `0`', 'whole milliseconds, up to a day'],
        [
          'rate',
          '`400pps`, `exponential 500pps`, `uniform 200..600pps`',
          'packets a second; `exponential`: times between packets, with that mean',
        ],
        ['size', '`512`, `exponential 300`, `uniform 64..1400`', 'bytes of payload, up to 65507'],
        ['loss', '`10%`, `1/10`', 'at random, or exactly every tenth frame; in both directions'],
        ['AS number', '`65531`, `4200000001`', 'asplain (RFC 5396), not 23456 (AS_TRANS)'],
        ['endpoint', '`"r2:eth0"`, `r2`', 'without an interface: the next free `ethN` of the node'],
      ],
    ),
  )
}

const rows = ({ shape }: z.ZodObject): string[][] =>
  Object.entries(shape).map(([key, field]) => [
    code(key),
    valueOf(field),
    defaultOf(field),
    descriptionOf(field),
  ])

/** The schema under the wrappers that say what stands in for an absent value. */
function bare(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault ? bare(schema.unwrap()) : schema
}

const descriptionOf = (schema: unknown): string =>
  schema instanceof z.ZodType ? (schema.description ?? (bare(schema) as z.ZodType).description ?? '') : ''

function defaultOf(schema: unknown): string {
  if (schema instanceof z.ZodOptional) return 'none'
  if (!(schema instanceof z.ZodPrefault)) return '**required**'
  const value: unknown = schema.def.defaultValue
  return typeof value === 'object' ? 'empty' : code(JSON.stringify(value).replaceAll('"', ''))
}

function valueOf(schema: unknown): string {
  const field = bare(schema)
  if (!(field instanceof z.ZodType)) throw new TypeError('no schema')
  const said = words.get(field)?.expected
  if (field instanceof z.ZodEnum) return listing(field.options.map((value) => code(String(value))))
  if (said !== undefined) return said
  if (field instanceof z.ZodLiteral) return code(String(field.value))
  if (field instanceof z.ZodUnion) return listing(field.options.map((option) => valueOf(option)))
  if (field instanceof z.ZodArray) return 'a list'
  return 'a mapping'
}

/** Mappings below `schema`, each before what lies in it. `NAME`, `ASN` and `[]` stand for what the user writes there. */
function sectionsIn({ shape }: z.ZodObject, path: string): Section[] {
  return Object.entries(shape).flatMap(([key, field]) => below(field, path === '' ? key : `${path}.${key}`))
}

function below(schema: unknown, path: string): Section[] {
  const field = bare(schema)
  if (field instanceof z.ZodRecord) return below(field.valueType, `${path}.${keyOf(path)}`)
  if (field instanceof z.ZodDiscriminatedUnion)
    return field.options.flatMap((option) =>
      below(option, `${path} of kind ${kindOf(option, field.def.discriminator)}`),
    )
  if (field instanceof z.ZodArray) return below(field.element, `${path}[]`)
  if (field instanceof z.ZodObject) return [{ title: path, schema: field }, ...sectionsIn(field, path)]
  return []
}

const keyOf = (path: string): string => (path === 'ases' ? 'ASN' : 'NAME')

function kindOf(option: unknown, discriminator: string): string {
  const kind = option instanceof z.ZodObject ? option.shape[discriminator] : undefined
  return kind instanceof z.ZodLiteral ? String(kind.value) : ''
}
