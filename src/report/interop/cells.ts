// From the verdict of a run to its cells, of the exporter (wire against records) and of the collector (records that arrived against
// its table). Nothing here knows a program: what is right is what the verdict found no fault with.

import type { PlannedFlow } from './flows.ts'
import { flowsWith } from './flows.ts'
import { evidenceText } from '../evidence.ts'
import { templatesText } from '../time.ts'
import type { AttributeCheck, Finding, Verdict } from '../../verify/verdict.ts'
import type { Volume } from '../../kernel/units.ts'
import { amount, type Cell, type Cells, type Judged, none, type Note, right, share } from './cell.ts'

export const exporterColumns = {
  packets: 'packets',
  bytes: 'bytes',
  times: 'start, end',
  flags: 'TCP flags',
  tos: 'ToS',
  icmp: 'ICMP',
  fragments: 'fragments',
  ipv6: 'IPv6',
  input: 'input if',
  output: 'output if',
  as: 'AS',
  announced: 'sampling told',
  templates: 'templates',
  again: 'sent again',
} as const
export type ExporterColumn = keyof typeof exporterColumns

export const collectorColumns = {
  packets: 'packets',
  bytes: 'bytes',
  flags: 'TCP flags',
  tos: 'ToS',
  icmp: 'ICMP',
  ipv6: 'IPv6',
  input: 'input if',
  output: 'output if',
  rate: 'sampling used',
} as const
export type CollectorColumn = keyof typeof collectorColumns

/** Findings on which cells stand. */
const causesOf = {
  times: [
    'uptime-wrapped',
    'times-in-wrong-unit',
    'times-off-by-constant',
    'times-of-other-packets',
    'times-wrong',
  ],
  flags: ['tcp-flags-wrong'],
  tos: ['tos-wrong'],
  interfaces: ['interface-index-zero', 'interface-index-wrong'],
  fragments: ['fragments-misbooked'],
  as: [
    'no-bgp-session',
    'as-attribute-not-filled',
    'as-attributes-empty',
    'as-numbers-cut',
    'less-specific-route',
    'as-attributes-wrong',
  ],
  rows: ['collected-attributes-wrong'],
  icmpKept: ['icmp-type-lost'],
} as const

/** Those that say that a queue or a capture had no room: how fast the machine was, and not what a program gets right. */
const ofLoad: readonly string[] = [
  'truth-incomplete',
  'probe-queue-overrun',
  'probe-capture-overrun',
  'collector-socket-overrun',
  'collector-queue-overrun',
]

/** Those that say that nothing stands there, rather than something wrong. */
const emptiness: readonly string[] = [
  'interface-index-zero',
  'no-bgp-session',
  'as-attributes-empty',
  'as-attribute-not-filled',
]

const metered: readonly string[] = ['metering', 'exporting']

const isIn = (causes: readonly string[], cause: string): boolean => causes.includes(cause)

/** Whether it is about packets or bytes of one of these stages. */
const isAmount = (
  { stage, packets, bytes }: Pick<Finding, 'stage' | 'packets' | 'bytes'>,
  stages: readonly string[],
): boolean => stages.includes(stage) && (packets !== 0 || bytes !== 0)

/** What these findings make of an amount that is not what it should be. */
const wrongOrLoad = (findings: readonly Finding[]): 'wrong' | 'load' =>
  findings.length > 0 && findings.every(({ cause }) => isIn(ofLoad, cause)) ? 'load' : 'wrong'

/** A finding with its first evidence. */
export const noteOf = ({ id, cause, summary, evidence: [first] }: Finding): Note => ({
  text: `[${id}](findings.md#${cause}): ${summary}.`,
  ...(first ? { evidence: evidenceText(first) } : {}),
})

/** What is wrong and has no finding that is about amounts says at least by which. */
const orElse = (notes: readonly Note[], text: string): readonly Note[] =>
  notes.length > 0 ? notes : [{ text, evidence: 'verdict.json: books and flows' }]

const findingsOf = ({ findings }: Verdict, causes: readonly string[]): readonly Finding[] =>
  findings.filter(({ cause }) => causes.includes(cause))

export function exporterCells({ verdict, plan }: Judged): Cells<ExporterColumn> {
  const [probe] = plan.probes
  if (!probe) throw new TypeError('a lab of the matrix has no probe')
  const check = (attribute: string, causes: readonly string[]): Cell =>
    attributeCell(
      verdict.attributes.each.find((each) => each.of === probe.name && each.attribute === attribute),
      findingsOf(verdict, causes),
    )
  const amounts = verdict.findings.filter(
    ({ cause, ...finding }) => isAmount(finding, metered) && !isIn(causesOf.fragments, cause),
  )
  const notes = amounts.map(noteOf)
  const wrong = wrongOrLoad(amounts)
  const [section] = verdict.sampling
  const books = firstBooks(verdict)
  const wire = total(books.map((each) => each.wire))
  const exported = total(books.map((each) => each.exported))
  const isV6 = (flow: PlannedFlow): boolean => flow.source.includes(':')
  const noV6 = books.flatMap(({ notMetered }) => notMetered).find(({ reason }) => reason.startsWith('IPv6'))
  const volume = (of: 'packets' | 'bytes'): Cell => {
    const found = section ? section.estimate[of] : exported[of]
    const crossed = section ? section.wire[of] : wire[of]
    if (section && section.margin[of] >= crossed)
      return {
        is: 'unknown',
        notes: [
          {
            text: `Too little was sampled to tell: chance may put it off by ${share(crossed + section.margin[of], crossed)}.`,
          },
        ],
      }
    if (section && Math.abs(found - crossed) <= section.margin[of])
      return {
        ...right(`${share(found, crossed)} (± ${((section.margin[of] / crossed) * 100).toFixed(0)} %)`),
        notes: section.asItMustBe ? [] : notes,
      }
    if (!section && found === crossed) return right()
    return {
      is: wrong,
      amount: share(found, crossed),
      notes: orElse(notes, `${amount(crossed)} ${of} crossed the wire, the records say ${amount(found)}.`),
    }
  }
  const kind = (cases: (flow: PlannedFlow) => boolean): Cell => {
    const flows = flowsWith({ verdict, plan }, cases)
    const crossed = total(flows.map((each) => each.wire)).packets
    const told = total(flows.map((each) => each.exported)).packets
    if (crossed === 0) return { is: 'unknown' }
    if (told === 0)
      return {
        is: 'left-out',
        amount: amount(crossed),
        notes: [{ text: `${amount(crossed)} packets crossed, none was exported.` }],
      }
    if (section) {
      const sampled = `${amount(told)} of ${amount(crossed)} sampled`
      const doubtful = section.doubtful.filter((one) =>
        flows.some(({ source, destination }) => one.source === source && one.destination === destination),
      )
      return doubtful.length === 0
        ? right(sampled)
        : {
            is: wrong,
            amount: sampled,
            notes: orElse(notes, `Sampling does not explain ${amount(doubtful.length)} of its flows.`),
          }
    }
    return told === crossed
      ? right()
      : {
          is: wrong,
          amount: share(told, crossed),
          notes: orElse(
            notes,
            `${amount(crossed)} packets crossed the wire, the records say ${amount(told)}.`,
          ),
        }
  }
  const icmp = kind((flow) => flow.kind === 'ping' && !(noV6 && isV6(flow)))
  const types = check('ICMP type and code', [])
  const misbooked = findingsOf(verdict, causesOf.fragments)
  return {
    packets: volume('packets'),
    bytes: volume('bytes'),
    times: check('start and end times', causesOf.times),
    flags: check('TCP flags', causesOf.flags),
    tos: check('type of service', causesOf.tos),
    icmp:
      icmp.is === 'right' && types.is === 'wrong'
        ? {
            ...types,
            amount: `type ${types.amount ?? ''}`,
            notes: [
              {
                text: `${types.amount ?? ''} records of ICMP have a type and code that did not cross between their hosts.`,
              },
            ],
          }
        : icmp,
    fragments:
      misbooked.length > 0
        ? { is: 'wrong', amount: 'ports', notes: misbooked.map(noteOf) }
        : kind(({ size, mtu }) => size > mtu),
    ipv6: noV6 ? none(`${probe.export.protocol}: ${noV6.reason}`) : kind(isV6),
    input: check('input interface', causesOf.interfaces),
    output: check('output interface', causesOf.interfaces),
    as: asCell(verdict, plan),
    announced: announcedCell(verdict),
    templates: templateCell(verdict, probe.export.protocol),
    again: againCell(verdict, probe.export.protocol),
  }
}

export function collectorCells({ verdict, plan }: Judged): Cells<CollectorColumn> {
  const [book] = verdict.books
  const lost = verdict.findings.filter((finding) => isAmount(finding, ['collecting']))
  const collecting = lost.map(noteOf)
  const books = firstBooks(verdict)
  const [arrived, collected] = [
    total(books.map((each) => each.arrived)),
    total(books.map((each) => each.collected)),
  ]
  const factor = verdict.sampling[0]?.tables[0]?.factor ?? 1
  const rate = verdict.sampling[0]?.rate ?? 1
  const kept = (of: Volume, from: Volume, what: 'packets' | 'bytes'): Cell =>
    of[what] === from[what] || (factor === rate && of[what] === from[what] * factor)
      ? right()
      : {
          is: wrongOrLoad(lost),
          amount: share(of[what], from[what]),
          notes: orElse(
            collecting,
            `${amount(from[what])} ${what} arrived, the table has ${amount(of[what])}.`,
          ),
        }
  const kind = (cases: (flow: PlannedFlow) => boolean): Cell => {
    const flows = flowsWith({ verdict, plan }, cases)
    const from = total(flows.map((each) => each.arrived))
    if (from.packets === 0) return none()
    return kept(total(flows.map((each) => each.collected)), from, 'packets')
  }
  const check = (attribute: string): Cell => {
    const own = verdict.attributes.each.find(
      (each) => each.of === `${book?.collector}/${book?.table}` && each.attribute === attribute,
    )
    // A table that was not asked for it says nothing of what the program can.
    if (!own || own.checked === 0) return { is: 'unknown' }
    return attributeCell(own, findingsOf(verdict, causesOf.rows))
  }
  const typeless = findingsOf(verdict, causesOf.icmpKept)
  const isTypeless = plan.collectors.find(({ name }) => name === book?.collector)?.icmp === false
  const icmp = kind(({ kind: generator }) => generator === 'ping')
  return {
    packets: kept(collected, arrived, 'packets'),
    bytes: kept(collected, arrived, 'bytes'),
    flags: check('TCP flags'),
    tos: check('type of service'),
    icmp: isTypeless
      ? { is: 'left-out', amount: 'type', notes: [{ text: 'Its table has no ICMP type and code.' }] }
      : typeless.length > 0
        ? { is: 'left-out', amount: 'type', notes: typeless.map(noteOf) }
        : icmp,
    ipv6: kind(({ source }) => source.includes(':')),
    input: check('input interface'),
    output: check('output interface'),
    rate: rate === 1 ? none() : rateCell(verdict, factor, rate),
  }
}

/** Findings of which no cell has a note. */
export function otherFindings({ findings }: Verdict, cells: Cells): readonly Finding[] {
  const texts = Object.values(cells).flatMap(({ notes = [] }) => notes.map(({ text }) => text))
  return findings.filter(({ cause }) => !texts.some((text) => text.includes(`(findings.md#${cause})`)))
}

function attributeCell(check: AttributeCheck | undefined, findings: readonly Finding[]): Cell {
  if (!check) return { is: 'left-out', notes: [{ text: 'No record has a field for it.' }] }
  if (check.unchecked !== undefined)
    return check.unchecked.startsWith('0 in all')
      ? { is: 'left-out', notes: [{ text: '0 in all records.' }] }
      : { is: 'unknown', notes: [{ text: check.unchecked }] }
  const aside = check.aside
    ? [{ text: `${check.aside.records} of ${check.checked} otherwise: ${check.aside.why}.` }]
    : []
  if (check.wrong === 0) return { is: 'right', notes: aside }
  const isEmpty = findings.length > 0 && findings.every(({ cause }) => emptiness.includes(cause))
  return {
    is: isEmpty ? 'left-out' : 'wrong',
    ...(isEmpty ? {} : { amount: `${check.wrong} of ${check.checked}` }),
    notes: [...findings.map(noteOf), ...aside],
  }
}

/** AS numbers of records, as a table shows them whose collector has no routes of its own. */
function asCell(verdict: Verdict, { probes, collectors }: Judged['plan']): Cell {
  if (!probes.some(({ bgp }) => bgp)) return none('The program knows no routes.')
  const check = verdict.attributes.each.find(({ attribute }) => attribute === 'AS attributes')
  if (!check || collectors.some(({ bgp }) => bgp)) return { is: 'unknown' }
  const cell = attributeCell(check, findingsOf(verdict, causesOf.as))
  if (cell.is === 'right') return cell
  const text = `${check.of}, which has no routes of its own, shows the records’ AS numbers: ${check.wrong} of ${check.checked} are not those of the ${check.against}.`
  return { ...cell, notes: (cell.notes ?? []).map((note) => ({ ...note, text })) }
}

function announcedCell({ sampling: [section], findings }: Verdict): Cell {
  if (!section || section.asked === 1) return none()
  const said = section.announced.filter(({ rate }) => rate !== undefined)
  const notes = findings.filter(({ cause }) => cause.startsWith('sampling-')).map(noteOf)
  if (said.length === 0) return { is: 'left-out', notes }
  const isRight = said.every(({ rate }) => rate === section.asked)
  if (isRight) return right(said[0]?.source)
  return { is: 'wrong', amount: said.map(({ rate }) => `1:${rate}`).join(', '), notes }
}

const withTemplates: readonly string[] = ['netflow9', 'ipfix']

/** Whether all that left could be read: a template that is missing or changed is a finding. */
function templateCell({ findings }: Verdict, protocol: string): Cell {
  if (!withTemplates.includes(protocol)) return none()
  const notes = findings
    .filter(({ cause }) => ['exports-unreadable', 'template-changed', 'template-unknown'].includes(cause))
    .map(noteOf)
  return notes.length === 0 ? right() : { is: 'wrong', notes }
}

/** What a collector waits for that missed them. RFC 6728 (section 4.4.2, templateRefreshTimeout) has 600 s where nothing is set. */
const refreshDue = 600_000

/** Whether templates are sent again; unknown where the run was too short to tell. */
function againCell({ time: [section] }: Verdict, protocol: string): Cell {
  if (!withTemplates.includes(protocol)) return none()
  const { templates } = section ?? {}
  if (templates?.apart)
    return right(`${templates.apart.datagrams} datagrams, ${(templates.apart.ms / 1000).toFixed(0)} s`)
  if (!templates || templates.lasted < refreshDue) return { is: 'unknown' }
  return {
    is: 'left-out',
    notes: [
      { text: `One at least was sent once: ${templatesText(templates)}.`, evidence: 'verdict.json: time' },
    ],
  }
}

function rateCell({ findings }: Verdict, factor: number, rate: number): Cell {
  const notes = findings
    .filter(({ cause, stage }) => cause.startsWith('sampling-') && stage === 'collecting')
    .map(noteOf)
  if (factor === rate) return right(`× ${factor}`)
  return factor === 1
    ? { is: 'left-out', notes: [...notes, { text: 'The table holds what the records count.' }] }
    : { is: 'wrong', amount: `× ${factor}`, notes }
}

/** One account a direction: those of the first table stand for all. */
function firstBooks({ books }: Verdict): Verdict['books'] {
  const [first] = books
  return books.filter(({ collector, table }) => collector === first?.collector && table === first?.table)
}

const total = (volumes: readonly Volume[]): Volume =>
  volumes.reduce(
    (sum, { packets, bytes }) => ({ packets: sum.packets + packets, bytes: sum.bytes + bytes }),
    {
      packets: 0,
      bytes: 0,
    },
  )
