// Sets (NetFlow v9: FlowSets): the part of a message that NetFlow v9 and IPFIX have in common. What differs is a Grammar.
import type { Context } from '../port.ts'
import type { Pending } from './pending.ts'
import { decodeRecords } from './records.ts'
import type { Sessions } from './session.ts'
import { allZero, fail, type Source, viewOf } from './source.ts'
import { define, type Template, tell, type TemplateRecord, withdraw } from './template.ts'

/** What the decoder of a protocol with templates needs. */
export interface SetDecoder {
  readonly context: Context
  readonly sessions: Sessions
  readonly pending: Pending
}

/** Reads one template record from `at`; undefined, and reported, if it cannot be read. */
export type TemplateReader = (source: Source, at: number, end: number) => TemplateRecord | undefined

/** How a protocol writes its templates: by set ID, a reader. Other IDs below 256 are reserved. */
export type Grammar = Readonly<Record<number, TemplateReader>>

/** Octets of a set's header, and of the start of a template record. */
const HEADER = 4
const FIRST_DATA_SET = 256

/** What a message held. */
export interface Contents {
  /** Data records (options records too); undefined if some were of unknown template, so that nobody knows. */
  readonly dataRecords: number | undefined
  readonly templates: number
  readonly sets: number
  /** Where the set behind the first `counted` begins; undefined where there are no more. */
  readonly beyond: number | undefined
  /** Whether all of it could be read. */
  readonly whole: boolean
}

/**
 * Decodes all sets from `at` to `end`, and returns what they held. A set that is wrong costs only itself, unless its length is: then where the next set
 * begins is unknown, and the rest is given up.
 */
export function decodeSets(
  decoder: SetDecoder,
  grammar: Grammar,
  source: Source,
  at: number,
  end: number,
  counted = Infinity,
): Contents {
  const { view, bytes } = source
  let dataRecords: number | undefined = 0
  let beyond: number | undefined
  let [templates, sets, whole] = [0, 0, true]
  let next = at
  while (next < end) {
    const id = end - next >= HEADER ? view.getUint16(next) : 0
    const length = end - next >= HEADER ? view.getUint16(next + 2) : 0
    if (length < HEADER) {
      if (allZero(bytes, next, end))
        fail(source, 'surplus', next, '', 'the end of the message', `${end - next} zeros`)
      else {
        whole = false
        fail(
          source,
          'length',
          next,
          `set ${id}`,
          `at least ${HEADER} octets`,
          `${Math.min(length, end - next)}`,
        )
      }
      break
    }
    if (length > end - next) {
      fail(source, 'truncated', next, `set ${id}`, `${length} octets`, `${end - next}`)
      whole = false
      break
    }
    if (sets === counted) beyond = next
    const setEnd = next + length
    const reader = grammar[id]
    const template = templateOf(decoder, source, id, next)
    if (template) {
      const count = decodeRecords(source, template, next + HEADER, setEnd)
      if (dataRecords !== undefined) dataRecords += count
    } else if (reader) {
      templates += readTemplates(decoder, reader, source, next + HEADER, setEnd)
    } else if (id >= FIRST_DATA_SET) {
      tell(source, 'unknown', id, undefined, next)
      decoder.pending.keep(source, id, next + HEADER, setEnd)
      dataRecords = undefined
    } else {
      fail(
        source,
        'reserved',
        next,
        `set ${id}`,
        `set IDs ${Object.keys(grammar).join(', ')} or from ${FIRST_DATA_SET}`,
        `${id}`,
      )
    }
    sets++
    next = setEnd
  }
  return { dataRecords, templates, sets, beyond, whole }
}

/** The template of this number; one that came over UDP too long ago is forgotten. */
function templateOf(
  { sessions, context }: SetDecoder,
  source: Source,
  id: number,
  at: number,
): Template | undefined {
  const { domain, message } = source
  const template = domain.templates.get(id)
  if (
    !template ||
    message.transport !== 'udp' ||
    message.seconds - template.seen <= context.limits.templateLifetime
  )
    return template
  withdraw(source, sessions, id, at)
  return undefined
}

/** Reads a set of templates, and returns how many there were. */
function readTemplates(
  decoder: SetDecoder,
  reader: TemplateReader,
  source: Source,
  at: number,
  end: number,
): number {
  let [next, count] = [at, 0]
  while (end - next >= HEADER && !allZero(source.bytes, next, end)) {
    const record = reader(source, next, end)
    if (!record) break
    next = record.end
    count++
    const { id, fields } = record
    const { fieldsPerTemplate } = decoder.context.limits
    if (fields.length > fieldsPerTemplate)
      fail(
        source,
        'limit',
        record.at,
        `template ${id}`,
        `at most ${fieldsPerTemplate} fields`,
        `${fields.length}`,
      )
    else if (fields.length === 0) withdrawTemplates(decoder, source, record)
    else if (id < FIRST_DATA_SET)
      fail(source, 'template', record.at, `template ${id}`, `a template ID from ${FIRST_DATA_SET}`, `${id}`)
    else if (define(source, decoder.sessions, record)) decodePending(decoder, source, id)
  }
  return count
}

/** RFC 7011 section 8.1: one template, or all of a kind by that kind's set ID; not over UDP (section 8.4). */
function withdrawTemplates({ sessions }: SetDecoder, source: Source, { id, kind, at }: TemplateRecord): void {
  const { domain, message } = source
  if (message.protocol !== 'ipfix' || message.transport === 'udp') {
    const expected = message.protocol === 'ipfix' ? 'no withdrawal over UDP' : 'at least one field'
    fail(source, 'template', at, `template ${id}`, expected, 'none')
    return
  }
  const ids = id < FIRST_DATA_SET ? [...domain.templates.keys()] : [id]
  for (const each of ids)
    if (domain.templates.get(each)?.layout.kind === kind) withdraw(source, sessions, each, at)
}

/** Decodes the sets that waited for this template. */
function decodePending({ pending }: SetDecoder, source: Source, id: number): void {
  const template = source.domain.templates.get(id)
  if (!template) return
  for (const { message, bytes, offset } of pending.take(source.domain, id))
    decodeRecords({ ...source, message, bytes, view: viewOf(bytes), base: offset }, template, 0, bytes.length)
}
