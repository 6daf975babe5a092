// From a difference to findings. Every cause whose evidence is there says what it predicts for each flow; the one that predicts
// the numbers best takes what it predicts, and what is left goes to the next, until every packet and byte is booked to one.

import { add, isNothing, nothing, subtract, type Volume } from '../kernel/units.ts'
import type { Store } from '../store.ts'
import type { Case } from './case.ts'
import { type Account, type Cell, volumesWhere } from './cells.ts'
import type { Cause, Prediction, Remark, Sign } from './causes/cause.ts'
import { causes, remarks, unexplained } from './causes/causes.ts'
import { plural, volumeText } from './causes/words.ts'
import { counter } from './evidence-item.ts'
import { examplesOf, keyText } from './examples.ts'
import { isWithinChance } from './sampling/judge.ts'
import type { Finding, Stage } from './verdict.ts'

/** What numbers alone speak for must be predicted as well as this to be named. */
const enough = 0.8
/** What a witness beside the numbers is worth. */
const witness = 0.5
/** A prediction this good leaves only odd packets, and is worth so much more than one that is not flow by flow. */
const exact = 0.98
const hit = 0.4
/** Alternatives that predict less are not worth a test. */
const worthTelling = 0.3
const mostFlows = 10
const mostAlternatives = 4

interface Candidate {
  readonly cause: Cause
  readonly sign: Sign
  /** What the cause predicts for each cell; of a loss or mixture it depends on what is left to explain. */
  readonly predicted: readonly Volume[] | 'loss' | 'mixture'
}

interface Scored extends Candidate {
  /** Change of each cell, after less before, that the cause predicts. */
  readonly changes: readonly Volume[]
  readonly score: number
}

const zero = nothing

export async function explain(store: Store, stages: readonly Stage[], given: Case): Promise<Finding[]> {
  const { cells } = given.account
  const candidates: Candidate[] = []
  for (const cause of causes.filter(({ stage }) => stages.includes(stage))) {
    const sign = cause.recognise(given)
    if (sign) candidates.push({ cause, sign, predicted: await predictedBy(store, sign.predicts, given) })
  }
  const found: Finding[] = remarked(stages, given)
  let left = cells.map(({ before, after }) => subtract(after, before))
  let open = candidates
  const isSampled = stages.includes('metering')
  while (!left.every(isNothing)) {
    const scored = open
      .map((candidate) => rate(candidate, cells, left))
      .toSorted((a, b) => worth(b) - worth(a))
    const best = scored.find((each) => isNamed(each, left))
    if (!best) {
      // Where a cause has taken the sum, what sampling puts single flows beside it is nobody's.
      const isTaken = isSampled && found.some(({ packets }) => packets !== 0)
      const rest = isTaken
        ? left.map((each, index) => (isByChance(given, cells[index]?.before ?? zero, each) ? zero : each))
        : left
      if (!rest.every(isNothing)) found.push(leftOver(stages, given, rest, scored))
      break
    }
    const booked = left.map((rest, index) => {
      const change = best.changes[index] ?? zero
      const share = within(change, rest, best.sign.predicts)
      const before = cells[index]?.before ?? zero
      const isTaken = isSampled && !isNothing(change)
      return isTaken && isByChance(given, add(before, change), subtract(rest, share)) ? rest : share
    })
    found.push(
      finding(best.cause, best.sign, given, {
        booked,
        score: best.score,
        changes: best.changes,
        rivals: scored.filter((each) => each !== best),
      }),
    )
    left = left.map((rest, index) => subtract(rest, booked[index] ?? zero))
    open = open.filter(({ cause }) => cause !== best.cause)
  }
  await illustrate(store, found, stages, given)
  for (const { cause, sign } of open)
    if (cause.always && !found.some((each) => each.cause === cause.id))
      found.push(finding(cause, sign, given, { booked: [], score: undefined, changes: [], rivals: [] }))
  return found
}

/** Findings that only the numbers speak for get records of their flows as evidence. */
async function illustrate(
  store: Store,
  found: Finding[],
  stages: readonly Stage[],
  given: Case,
): Promise<void> {
  const side = stages.includes('collecting') ? 'arrived' : 'exported'
  const { account } = given
  for (const [index, one] of found.entries()) {
    if (one.fit.length === 0 || one.evidence.some(({ kind }) => kind !== 'counter')) continue
    const shown = one.fit.flatMap(
      (each) =>
        account.cells.find(
          (cell) =>
            cell.direction === each.direction &&
            cell.source === each.source &&
            cell.destination === each.destination &&
            keyText(cell, account.fields) === each.key,
        ) ?? [],
    )
    const examples = await examplesOf(store, account, shown, side, given)
    found[index] = { ...one, evidence: [...one.evidence, ...examples] }
  }
}

/**
 * A witnessed cause is preferred to a guess from numbers that predicts them somewhat better, and a prediction that hits flow by
 * flow to a loss of nobody knows what. That nothing at all comes out is a symptom of much: it is named where nothing else is.
 */
function worth({ cause, score, sign, predicted }: Scored): number {
  const isFlowByFlow = typeof predicted !== 'string' && !predicted.every(isNothing)
  const isSymptom = cause.last || (typeof predicted !== 'string' && !isFlowByFlow && !sign.witnessed)
  return (
    score + (sign.witnessed ? witness : 0) + (isFlowByFlow && score >= exact ? hit : 0) - (isSymptom ? 1 : 0)
  )
}

function isNamed({ score, sign }: Scored, left: readonly Volume[]): boolean {
  if (!sign.witnessed) return score >= enough
  return typeof sign.predicts === 'string'
    ? left.some(({ packets, bytes }) => packets < 0 || bytes < 0)
    : score > 0.05
}

/** Rows that are missing or doubled, taken off or added to what went into the stage. */
async function predictedBy(
  store: Store,
  predicts: Prediction,
  { account }: Case,
): Promise<Candidate['predicted']> {
  if (typeof predicts === 'string' || !('where' in predicts)) return predicts
  const volumes = await volumesWhere(store, account, predicts.of, predicts.where)
  const change = predicts.are === 'missing' ? subtract : add
  return account.cells.map(({ before }, index) => change(before, volumes[index] ?? zero))
}

/** How much smaller the difference is where the cause's prediction is taken off: 1 where nothing remains. */
function rate(candidate: Candidate, cells: readonly Cell[], left: readonly Volume[]): Scored {
  const changes = changesOf(candidate.predicted, cells, left)
  const sum = cells.reduce<Volume>((total, { before }) => add(total, before), zero)
  const size = (volumes: readonly Volume[]): number =>
    volumes.reduce(
      (total, { packets, bytes }) =>
        total + Math.abs(packets) / Math.max(1, sum.packets) + Math.abs(bytes) / Math.max(1, sum.bytes),
      0,
    )
  const remains = size(left.map((rest, index) => subtract(rest, changes[index] ?? zero)))
  return { ...candidate, changes, score: Math.max(0, Math.round(1000 * (1 - remains / size(left))) / 1000) }
}

/** A loss of nobody knows what strikes all flows alike: of each its share of what is missing in all. */
function changesOf(
  predicts: Candidate['predicted'],
  cells: readonly Cell[],
  left: readonly Volume[],
): readonly Volume[] {
  if (typeof predicts !== 'string')
    return cells.map(({ before }, index) => subtract(predicts[index] ?? before, before))
  const lost = left.reduce<Volume>((total, rest) => add(total, lossOf(rest)), zero)
  const sum = cells.reduce<Volume>((total, { before }) => add(total, before), zero)
  return cells.map(({ before }) => ({
    packets: Math.round((lost.packets * before.packets) / Math.max(1, sum.packets)),
    bytes: Math.round((lost.bytes * before.bytes) / Math.max(1, sum.bytes)),
  }))
}

const lossOf = ({ packets, bytes }: Volume): Volume => ({
  packets: Math.min(0, packets),
  bytes: Math.min(0, bytes),
})

/** What of a cell's difference a cause takes: a loss all that is missing, a mixture all, others no more than they predict. */
function within(change: Volume, rest: Volume, predicts: Prediction): Volume {
  if (predicts === 'mixture') return rest
  if (predicts === 'loss') return lossOf(rest)
  const clamp = (value: number, limit: number): number =>
    Math.sign(value) === Math.sign(limit) ? Math.sign(limit) * Math.min(Math.abs(value), Math.abs(limit)) : 0
  return { packets: clamp(change.packets, rest.packets), bytes: clamp(change.bytes, rest.bytes) }
}

/** What sampling puts a flow beside what a cause predicts is the cause's too. */
const isByChance = ({ sampling }: Case, predicted: Volume, off: Volume): boolean =>
  sampling?.judged !== undefined &&
  sampling.counters !== 'whole' &&
  isWithinChance(sampling.judged, predicted, off)

const negated = (volume: Volume): Volume => subtract(zero, volume)

interface Share {
  /** Of each cell's difference what is booked to the cause, after less before. */
  readonly booked: readonly Volume[]
  readonly score: number | undefined
  readonly changes: readonly Volume[]
  readonly rivals: readonly Scored[]
}

/** The words for an amount: what is missing and what is too much do not cancel each other out. */
function amountText(booked: readonly Volume[]): string {
  const missing = booked.reduce<Volume>((total, each) => add(total, lossOf(each)), zero)
  const surplus = subtract(booked.reduce<Volume>(add, zero), missing)
  const flows = booked.filter((each) => !isNothing(each)).length
  // What stands elsewhere is missing here and too much there.
  if (!isNothing(missing) && isNothing(add(missing, surplus)))
    return `${volumeText(surplus)} in ${plural(flows, 'flow')}`
  const parts = [
    ...(isNothing(missing) ? [] : [volumeText(negated(missing))]),
    ...(isNothing(surplus) ? [] : [`${volumeText(surplus)} too many`]),
  ]
  return parts.length === 0 ? 'no packet of any flow' : `${parts.join(' and ')} of ${plural(flows, 'flow')}`
}

function finding(
  cause: Cause | Remark,
  sign: Omit<Sign, 'predicts' | 'witnessed'>,
  given: Case,
  share: Share,
): Finding {
  const { probe, collector, wire, account } = given
  const { booked, score, changes, rivals } = share
  const volume = negated(booked.reduce<Volume>(add, zero))
  const missing = negated(booked.reduce<Volume>((total, each) => add(total, lossOf(each)), zero))
  const shown = isNothing(missing) ? volume : missing
  return {
    id: `${cause.id}@${subject(cause.stage, given)}`,
    cause: cause.id,
    stage: cause.stage,
    point: wire.point,
    probe: probe.name,
    collector: collector.name,
    ...shown,
    flows: booked.filter((each) => !isNothing(each)).length,
    accounts: [{ account: account.name, ...shown }],
    ...(score === undefined ? {} : { score }),
    fit: fitOf(account, changes, booked),
    summary: sign.sentence(amountText(booked)),
    remedy: cause.remedy,
    evidence: [...sign.evidence],
    alternatives: alternatives(rivals),
  }
}

/** A collector to which several probes export has a finding for each. */
const subject = (stage: Stage, { probe, collector }: Case): string =>
  stage !== 'collecting'
    ? probe.name
    : collector.exporters.length > 1
      ? `${collector.name}:${probe.name}`
      : collector.name

const size = ({ packets, bytes }: Volume): number => Math.abs(packets) * 1000 + Math.abs(bytes)

function fitOf(
  { cells, fields }: Account,
  changes: readonly Volume[],
  booked: readonly Volume[],
): Finding['fit'] {
  return cells
    .map((cell, index) => ({ cell, index, size: size(booked[index] ?? zero) }))
    .filter((each) => each.size > 0)
    .toSorted((a, b) => b.size - a.size)
    .slice(0, mostFlows)
    .map(({ cell, cell: { source, destination, direction, before, after }, index }) => ({
      ...{ source, destination, ...withKey(cell, fields), direction, before },
      predicted: add(before, changes[index] ?? zero),
      found: after,
    }))
}

const withKey = (cell: Cell, fields: Account['fields']): { readonly key?: string } => {
  const key = keyText(cell, fields)
  return key === undefined ? {} : { key }
}

const alternatives = (rivals: readonly Scored[]): Finding['alternatives'] =>
  rivals
    .filter(({ score, sign }) => score >= worthTelling || sign.witnessed)
    .slice(0, mostAlternatives)
    .map(({ cause, score }) => ({ cause: cause.id, score, test: cause.test }))

/** What no cause predicts well enough: the difference itself, its largest parts as evidence. */
function leftOver(
  stages: readonly Stage[],
  given: Case,
  left: readonly Volume[],
  rivals: readonly Scored[],
): Finding {
  const stage = stages.find((each): each is keyof typeof unexplained => each in unexplained) ?? 'metering'
  const entry = unexplained[stage]
  const { account, probe, collector } = given
  const words = entry.between.replace('PROBE', probe.name).replace('COLLECTOR', collector.name)
  const evidence = fitOf(account, [], left)
    .slice(0, 5)
    .map(({ source, destination, key, direction, before, found }) => ({
      ...counter(
        '',
        `${direction} ${source} → ${destination}${key === undefined ? '' : `, ${key}`}: ${volumeText(before)} before, ${volumeText(found)} after`,
      ),
      kind: 'flow' as const,
      file: stage === 'collecting' ? 'collected.json' : 'wire.json',
    }))
  const cause = { ...entry, recognise: () => undefined }
  const sentence = (amount: string): string =>
    `${words} ${amount} differ, and no known cause predicts it${rivals[0] ? `; the nearest is ${rivals[0].cause.id}` : ''}`
  const share = { booked: left, score: undefined, changes: [], rivals }
  return finding(cause, { evidence, sentence }, given, share)
}

/** What is to be said of the count as such. */
const remarked = (stages: readonly Stage[], given: Case): Finding[] =>
  remarks
    .filter(({ stage }) => stages.includes(stage))
    .flatMap((remark) => {
      const sign = remark.recognise(given)
      if (!sign) return []
      const share = { booked: [], score: undefined, changes: [], rivals: [] }
      const said = finding(
        remark,
        { ...sign, sentence: () => sign.sentence(volumeText(sign.volume)) },
        given,
        share,
      )
      return [{ ...said, ...sign.volume, accounts: [] }]
    })
