// Data sets: their records go to the columns of the template's batch, and what options records say is put into force.
import type { Lesson } from './learn.ts'
import { sameSampling } from '../sampling.ts'
import { allZero, fail, type Source } from './source.ts'
import { extentOf, readList } from './structured.ts'
import { flushDomain, resolveAgain, type Template } from './template.ts'
import { compileWriter, type ListReader, writerArrays } from './writer.ts'

const noLists: ListReader = () => undefined

/** Decodes the records of the set from `at` to `end`, and returns how many they are. */
export function decodeRecords(source: Source, template: Template, at: number, end: number): number {
  const { context, domain, message, bytes, view, base } = source
  const { layout } = template
  const { minimumLength } = layout
  if (minimumLength === 0) {
    fail(
      source,
      'template',
      at,
      `set ${layout.id}`,
      'records of at least one octet',
      'a template whose fields have none',
    )
    return 0
  }
  const writer = (template.writer ??= compileWriter(layout))
  const { arenaBytes } = context.limits
  let [next, records, overrun] = [at, 0, false]
  while (end - next >= minimumLength && !overrun) {
    const batch = context.batches.room(layout, domain.readState)
    if (template.batch !== batch) {
      template.batch = batch
      template.arrays = writerArrays(batch)
    }
    const { arrays } = template
    const from = batch.rows
    const index = batch.addMessage(message)
    if (template.inOneGo) {
      const count = Math.min(Math.floor((end - next) / minimumLength), batch.capacity - from)
      next = writer(batch, arrays, bytes, view, next, from, count, index, base, noLists)
      batch.rows += count
    } else {
      // Structured data is counted record by record, against the batch's bound.
      const most = template.hasLists ? from + 1 : batch.capacity
      const list = template.hasLists ? listReader(source, template, records) : noLists
      let after = next
      while (batch.rows < most && end - next >= minimumLength && batch.arenaLength <= arenaBytes) {
        after = writer(batch, arrays, bytes, view, next, batch.rows, end, index, base, list)
        if (after < 0) break
        if (template.hasLists) batch.listOctets += after - next
        batch.rows++
        next = after
      }
      if (after < 0) {
        reportOverrun(source, template, records + batch.rows - from, next, end)
        overrun = true
      }
    }
    records += batch.rows - from
    if (template.learn && batch.rows > from) {
      const lessons: Lesson[] = []
      for (let row = from; row < batch.rows; row++) lessons.push(template.learn(batch, row))
      for (const lesson of lessons) apply(source, lesson)
    }
  }
  if (!overrun && !allZero(bytes, next, end))
    fail(source, 'surplus', next, `set ${layout.id}`, 'padding of zeros', `${end - next} other octets`)
  if (layout.kind === 'options') domain.stats.optionsRecords += records
  else domain.stats.records += records
  return records
}

const listReader =
  (source: Source, { layout }: Template, record: number): ListReader =>
  (index, at, length) => {
    const field = layout.fields[index]
    return field && readList(source, `set ${layout.id} > record ${record}`, field, at, length)
  }

/** Finds the field at which a record leaves its set, to say so. */
function reportOverrun(source: Source, { layout }: Template, record: number, at: number, end: number): void {
  let next = at
  for (const field of layout.fields) {
    const path = `set ${layout.id} > record ${record} > ${field.element.name}`
    const extent = extentOf({ source, path }, field, next, end)
    if (!extent) return
    next = extent.end
  }
}

/** Puts into force what an options record said; records that came before keep what was known when they came. */
function apply(source: Source, { sampling, selection, systemInit, element }: Lesson): void {
  const { context, domain } = source
  const { samplers } = domain.state
  if (sampling && !sameSampling(samplers.get(sampling.key), sampling.sampling)) {
    if (samplers.size >= context.limits.samplersPerDomain && !samplers.has(sampling.key)) {
      const { samplersPerDomain } = context.limits
      fail(source, 'limit', 0, sampling.key, `at most ${samplersPerDomain} samplers a domain`, 'one more')
    } else {
      flushDomain(context, domain)
      domain.state = { ...domain.state, samplers: new Map(samplers).set(sampling.key, sampling.sampling) }
      domain.stats.sampling = [...domain.state.samplers.values()]
    }
  }
  const { selections } = domain.state
  if (selection && selections.get(selection.id)?.join() !== selection.selectors.join()) {
    if (selections.size < context.limits.samplersPerDomain || selections.has(selection.id)) {
      flushDomain(context, domain)
      domain.state = {
        ...domain.state,
        selections: new Map(selections).set(selection.id, selection.selectors),
      }
    }
  }
  if (systemInit !== undefined && systemInit !== domain.state.systemInit) {
    flushDomain(context, domain)
    domain.state = { ...domain.state, systemInit }
  }
  if (element) {
    const { learned } = domain.session
    const key = `${element.enterprise}/${element.id}`
    if (learned.has(key)) return
    if (learned.size >= context.limits.learnedElements) {
      const { learnedElements } = context.limits
      fail(source, 'limit', 0, key, `at most ${learnedElements} elements described in a session`, 'one more')
      return
    }
    learned.set(key, element)
    resolveAgain(context, domain.session)
  }
}
