// The decoder's counters for people: a paragraph an exporter and domain; and for programs: one JSON document, or CSV.
import type { AgentStats } from '../sflow/agents.ts'
import { type DecoderStats, type DomainStats, type SequenceStats, sequenceUnits } from '../stats.ts'

const agentStats = (domain: DomainStats): AgentStats | undefined =>
  'samples' in domain ? (domain as AgentStats) : undefined

const counts = (table: object): string =>
  Object.entries(table)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(', ')

const sequenceText = ({ gaps, lost, reordered, duplicates, resets }: SequenceStats): string =>
  counts({ gaps, lost, reordered, duplicates, resets }) || 'no gaps'

function domainText(domain: DomainStats): string {
  const agent = agentStats(domain)
  const { protocol, exporter, sourcePort } = domain
  const unit = sequenceUnits[protocol]
  const rows: [string, string][] = [
    ['datagrams', `${domain.datagrams} (${domain.octets} octets)`],
    [agent ? 'samples' : 'records', String(domain.records)],
    ['options', domain.optionsRecords > 0 ? String(domain.optionsRecords) : ''],
    ['templates', counts(domain.templates)],
    ['pending', counts(domain.pending)],
    ['sequence', `${sequenceText(domain.sequence)} (in ${unit})`],
    ['samples', agent ? sampleSequences(agent) : ''],
    ['drops', agent && agent.drops > 0 ? `${agent.drops} samples dropped by the agent` : ''],
    ['passed over', agent ? counts(agent.passedOver) : ''],
    ['sampling', domain.sampling.map(({ rate, source }) => `1 in ${rate} (${source})`).join(', ')],
    ['errors', counts(domain.errors) || 'none'],
  ]
  const lines = rows.filter(([, text]) => text !== '').map(([name, text]) => `  ${name.padEnd(12)} ${text}\n`)
  return `${exporter}.${sourcePort} ${protocol}, domain ${domain.domain}\n${lines.join('')}`
}

function sampleSequences({ samples }: AgentStats): string {
  const texts = Object.entries(samples).map(([kind, sequence]) => [kind, counts(sequence)] as const)
  return texts
    .filter(([, text]) => text !== '')
    .map(([kind, text]) => `${kind}: ${text}`)
    .join('; ')
}

/** Counters as text. */
export function statsText(stats: DecoderStats): string {
  const { datagrams, octets, unrecognised, errors, forgotten, domains } = stats
  const total = `${datagrams} datagrams, ${octets} octets; ${unrecognised} of no flow protocol${
    counts(errors) ? `; errors without a domain: ${counts(errors)}` : ''
  }${forgotten ? `; forgotten: ${counts(forgotten)}` : ''}\n`
  return [...domains.map(domainText), total].join('\n')
}

const columns = [
  'exporter',
  'sourcePort',
  'protocol',
  'domain',
  'datagrams',
  'octets',
  'records',
  'optionsRecords',
]

/** Counters as CSV, a line an exporter and domain. */
export function statsCsv({ domains }: DecoderStats): string {
  const lines = domains.map((domain) => {
    const { sequence, templates } = domain
    const errors = Object.values(domain.errors).reduce((sum, count) => sum + count, 0)
    const rates = domain.sampling.map(({ rate }) => rate).join(' ')
    const first = columns.map((column) => String((domain as unknown as Record<string, unknown>)[column]))
    return [...first, templates.new, templates.unknown, sequence.gaps, sequence.lost, errors, rates].join(',')
  })
  const head = [...columns, 'templates', 'unknownTemplates', 'gaps', 'lost', 'errors', 'sampling'].join(',')
  return `${[head, ...lines].join('\r\n')}\r\n`
}
