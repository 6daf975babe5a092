// What options records tell the decoder itself: samplers and their rates, the exporter's start, and the names and types
// of elements (RFC 5610). This reads it out of a batch; records.ts puts it into force.
import type { RecordBatch } from '../batch.ts'
import { numberAt } from '../column.ts'
import type { Element, ElementType } from '../element.ts'
import { fieldIndex, type Layout } from '../layout.ts'
import { everything, interfaceKey, type Sampling, samplerKey } from '../sampling.ts'
import { text } from '../value.ts'

/** What one options record said. */
export interface Lesson {
  readonly sampling?: { readonly key: string; readonly sampling: Sampling }
  readonly selection?: { readonly id: number; readonly selectors: readonly number[] }
  readonly systemInit?: number
  readonly element?: Element
}

/** Reads one row of options. */
export type Learner = (batch: RecordBatch, row: number) => Lesson

/** By informationElementDataType (RFC 5610 section 3.1, IANA's registry of IPFIX information element data types). */
const dataTypes: readonly ElementType[] = [
  'octetArray',
  'unsigned8',
  'unsigned16',
  'unsigned32',
  'unsigned64',
  'signed8',
  'signed16',
  'signed32',
  'signed64',
  'float32',
  'float64',
  'boolean',
  'macAddress',
  'string',
  'dateTimeSeconds',
  'dateTimeMilliseconds',
  'dateTimeMicroseconds',
  'dateTimeNanoseconds',
  'ipv4Address',
  'ipv6Address',
  'basicList',
  'subTemplateList',
  'subTemplateMultiList',
  'unsigned256',
]

/** By informationElementSemantics (RFC 5610 section 3.6). */
const semantics = [
  '',
  'quantity',
  'totalCounter',
  'deltaCounter',
  'identifier',
  'flags',
  'list',
  'snmpCounter',
  'snmpGauge',
]

/** By informationElementUnits (RFC 5610 section 3.7, IANA's registry of units). */
const units = [
  '',
  'bits',
  'octets',
  'packets',
  'flows',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
  '4-octet words',
  'messages',
  'hops',
  'entries',
  'frames',
  'ports',
  'inferred',
]

type Numbers = (name: string) => number | undefined

/** N of 1:N by whatever elements say it: NetFlow's 34 and 50, PSAMP's 305 to 311 (RFC 5477 section 8.2). */
const rateRules: readonly ((get: Numbers) => number)[] = [
  (get) => get('samplerRandomInterval') ?? NaN,
  (get) => get('samplingInterval') ?? NaN,
  (get) =>
    ((get('samplingPacketInterval') ?? NaN) + (get('samplingPacketSpace') ?? 0)) /
    (get('samplingPacketInterval') ?? NaN),
  (get) =>
    ((get('samplingTimeInterval') ?? NaN) + (get('samplingTimeSpace') ?? 0)) /
    (get('samplingTimeInterval') ?? NaN),
  (get) => (get('samplingPopulation') ?? NaN) / (get('samplingSize') ?? NaN),
  (get) => 1 / (get('samplingProbability') ?? NaN),
]

function readSampling(get: Numbers): Lesson['sampling'] {
  const rate = rateRules.map((rule) => rule(get)).find((value) => Number.isFinite(value) && value > 0)
  if (rate === undefined) return undefined
  const sampler = get('samplerId') ?? get('selectorId')
  const onInterface = get('ingressInterface') ?? get('scopeInterface')
  const algorithm = get('samplerMode') ?? get('samplingAlgorithm') ?? get('selectorAlgorithm')
  const key =
    sampler !== undefined
      ? samplerKey(sampler)
      : onInterface !== undefined
        ? interfaceKey(onInterface)
        : everything
  return { key, sampling: { rate, algorithm, source: 'options', sampler } }
}

function readElement(get: Numbers, name: string | undefined): Element | undefined {
  const [enterprise, id, type] = [
    get('privateEnterpriseNumber'),
    get('informationElementId'),
    get('informationElementDataType'),
  ]
  if (enterprise === undefined || id === undefined || type === undefined || !name) return undefined
  return {
    enterprise,
    // The enterprise bit may or may not be set in it.
    id: id & 0x7fff,
    name,
    type: dataTypes[type] ?? 'octetArray',
    semantics: semantics[get('informationElementSemantics') ?? 0] ?? '',
    units: units[get('informationElementUnits') ?? 0] ?? '',
  }
}

const telling = [
  'samplerRandomInterval',
  'samplingInterval',
  'samplingPacketInterval',
  'samplingTimeInterval',
  'samplingSize',
  'samplingProbability',
  'systemInitTimeMilliseconds',
  'informationElementDataType',
  'selectionSequenceId',
]

/** A selection sequence and its selectors (RFC 5476 section 6.5.1: the selectorId is repeated for each). */
function readSelection(batch: RecordBatch, row: number, id: number | undefined): Lesson['selection'] {
  const indexes = batch.layout.byName.get('selectorId') ?? []
  const selectors = indexes.map((index) => {
    const column = batch.columns[index]
    return (column && numberAt(column, row)) ?? NaN
  })
  return id === undefined || selectors.length === 0 ? undefined : { id, selectors }
}

/** The learner of a layout, or undefined if its records tell the decoder nothing. */
export function createLearner(layout: Layout): Learner | undefined {
  if (layout.kind !== 'options' || !telling.some((name) => fieldIndex(layout, name) >= 0)) return undefined
  return (batch, row) => {
    const get: Numbers = (name) => {
      const column = batch.column(name)
      return column && numberAt(column, row)
    }
    const nameColumn = batch.column('informationElementName')
    const sampling = readSampling(get)
    const systemInit = get('systemInitTimeMilliseconds')
    const selection = readSelection(batch, row, get('selectionSequenceId'))
    const element = readElement(get, nameColumn && text(batch.octets(row, nameColumn)))
    return {
      ...(sampling && { sampling }),
      ...(systemInit !== undefined && { systemInit }),
      ...(selection && { selection }),
      ...(element && { element }),
    }
  }
}
