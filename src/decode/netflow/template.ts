// Templates of one observation domain: defined, refreshed, changed, withdrawn. How a template is written differs between
// NetFlow v9 and IPFIX and is read there; what follows from it is the same, and is here.
import type { RecordBatch } from '../batch.ts'
import { columnKind } from '../column.ts'
import { type Element, unknownElement } from '../element.ts'
import { publishedElement } from '../elements/registry.ts'
import { createLayout, type Field, type Layout } from '../layout.ts'
import type { Context } from '../port.ts'
import type { TemplateEvent } from '../report.ts'
import { createLearner, type Learner } from './learn.ts'
import type { Domain, Session, Sessions } from './session.ts'
import { fail, type Source } from './source.ts'
import { inOneGo, type Writer } from './writer.ts'

/** A template in force. */
export interface Template {
  readonly layout: Layout
  /** The template record as it came, to tell a refreshed one from a changed one. */
  readonly raw: string
  readonly hasLists: boolean
  readonly inOneGo: boolean
  /** When it came or was refreshed, Unix seconds of its datagram. */
  seen: number
  /** Compiled when the first records come. */
  writer: Writer | undefined
  /** The batch that `arrays` belong to. */
  batch: RecordBatch | undefined
  arrays: readonly unknown[]
  /** What its records tell the decoder itself; only of options templates. */
  readonly learn: Learner | undefined
}

export const createTemplate = (layout: Layout, raw: string, seen = 0): Template => ({
  layout,
  raw,
  seen,
  hasLists: layout.fields.some((field) => columnKind(field) === 'list'),
  inOneGo: inOneGo(layout),
  writer: undefined,
  batch: undefined,
  arrays: [],
  learn: createLearner(layout),
})

/** A template record that was read. `fields` is empty for a withdrawal. */
export interface TemplateRecord {
  readonly id: number
  readonly fields: readonly Field[]
  readonly scopeFields: number
  readonly kind: Layout['kind']
  /** Its octets: from `at` to `end` of the source. */
  readonly at: number
  readonly end: number
}

/** The element of a number: as published, or as the session has described it (RFC 5610), or unknown. */
export const sessionElement = (session: Session, enterprise: number, id: number): Element =>
  publishedElement(enterprise, id) ??
  session.learned.get(`${enterprise}/${id}`) ??
  unknownElement(enterprise, id)

/** Puts a template into force. Returns whether records of its number can be decoded now that could not be before. */
export function define(source: Source, sessions: Sessions, record: TemplateRecord): boolean {
  const { context, domain, bytes } = source
  const { id } = record
  const raw = `${record.kind} ${Buffer.from(bytes.buffer, bytes.byteOffset + record.at, record.end - record.at).toString('latin1')}`
  const old = domain.templates.get(id)
  if (old?.raw === raw) {
    old.seen = source.message.seconds
    tell(source, 'refreshed', id, old.layout, record.at)
    return false
  }
  if (!sessions.mayAddTemplate(domain, record.fields.length, old)) {
    // What it was before holds no longer either.
    withdraw(source, sessions, id, record.at)
    const { templatesPerDomain, templates, templateFields } = context.limits
    fail(
      source,
      'limit',
      record.at,
      `template ${id}`,
      `at most ${templatesPerDomain} templates a domain, ${templates} and ${templateFields} fields in all`,
      'one more',
    )
    return false
  }
  const layout = createLayout(source.message.protocol, id, record.fields, record.scopeFields, record.kind)
  if (old) {
    context.batches.flushLayout(old.layout, true)
    sessions.countTemplate(old, -1)
  }
  const template = createTemplate(layout, raw, source.message.seconds)
  sessions.countTemplate(template, 1)
  domain.templates.set(id, template)
  tell(source, old ? 'changed' : 'new', id, layout, record.at)
  return true
}

/** Takes a template out of force. */
export function withdraw(source: Source, sessions: Sessions, id: number, at: number): void {
  const { context, domain } = source
  const template = domain.templates.get(id)
  if (!template) return
  context.batches.flushLayout(template.layout, true)
  domain.templates.delete(id)
  sessions.countTemplate(template, -1)
  tell(source, 'withdrawn', id, undefined, at)
}

/** Counts and reports what happened to a template. */
export function tell(
  { context, domain, message, base }: Source,
  what: TemplateEvent['what'],
  templateId: number,
  layout: Layout | undefined,
  at: number,
): void {
  domain.stats.templates[what]++
  context.event({ type: 'template', what, templateId, layout, message, offset: at + base })
}

/** Gives templates with unknown elements their names and types, after the session has described some. */
export function resolveAgain(context: Context, session: Session): void {
  for (const domain of session.domains.values())
    for (const [id, template] of domain.templates) {
      const { layout } = template
      const fields = layout.fields.map((field) => {
        const learned = session.learned.get(field.element.name)
        return learned ? { ...field, element: learned } : field
      })
      if (fields.every((field, index) => field === layout.fields[index])) continue
      context.batches.flushLayout(layout, true)
      const resolved = createLayout(layout.protocol, id, fields, layout.scopeFields, layout.kind)
      domain.templates.set(id, createTemplate(resolved, template.raw, template.seen))
    }
}

/** Hands over all records of a domain: what is known of it is about to change. */
export function flushDomain(context: Context, domain: Domain): void {
  for (const { layout } of domain.templates.values()) context.batches.flushLayout(layout)
}
