// A running lab as text.

import type { Inspection } from '../run/inspect.ts'
import { heading, table } from './table.ts'

interface Listed {
  readonly lab: string
  readonly backend: string
  /** Absent where the run directory is lost. */
  readonly nodes?: number
  readonly directory: string
}

export const labList = (labs: readonly Listed[]): string =>
  labs.length === 0
    ? 'no lab is alive\n'
    : table(
        { head: ['lab', 'backend', 'nodes', 'run directory'], numbers: [2] },
        labs.map(({ lab, backend, nodes, directory }) => [
          ...[lab, backend, nodes ?? '?'],
          nodes === undefined ? `${directory} (lost)` : directory,
        ]),
        '',
      )

export function inspectionText({ lab, directory, nodes, sessions, probes, collectors }: Inspection): string {
  return [
    `${lab}: ${directory}\n`,
    heading('Nodes'),
    nodesText(nodes),
    heading('BGP sessions'),
    table(
      { head: ['node', 'with', 'peer', 'AS', 'state'] },
      sessions.map(({ node, to, peer, as, state }) => [node, to, peer, String(as), state]),
    ),
    heading('Probes'),
    table(
      { head: ['probe', 'kind', 'at', 'state', 'routes from', 'tables', 'datagrams sent'], numbers: [6] },
      probes.map((probe) => [
        ...[probe.name, probe.kind, probe.at, probe.state, probe.bgp ?? '–', tablesText(probe.tables)],
        probe.datagrams,
      ]),
    ),
    heading('Collectors'),
    table(
      { head: ['collector', 'kind', 'at', 'state', 'routes from', 'tables', 'datagrams came'], numbers: [6] },
      collectors.map((collector) => [
        ...[collector.name, collector.kind, collector.at],
        collector.listening ? collector.state : `${collector.state}, not listening there`,
        ...[collector.bgp ?? '–', tablesText(collector.tables)],
        collector.datagrams,
      ]),
    ),
  ].join('')
}

const tablesText = (tables: Inspection['probes'][number]['tables']): string =>
  tables.map(({ name, rows, packets }) => `${name} (${rows} rows, ${packets} packets)`).join(', ') || '–'

/** A line an interface; the node's name once. */
const nodesText = (nodes: Inspection['nodes']): string =>
  table(
    { head: ['node', 'kind', 'AS', 'interface', 'address', 'peer', 'processes'] },
    nodes.flatMap(({ name, kind, as, interfaces, loopback, processes }) => {
      const ended = processes.filter((each) => each.state !== 'running')
      const state = [
        processes
          .filter((each) => each.state === 'running')
          .map((each) => each.name)
          .join(' '),
        ...ended.map((each) => `${each.name}: ${each.state}`),
      ].filter(Boolean)
      const places = [
        ...loopback.map((address) => ['lo', address, '']),
        ...interfaces.map((each) => [each.name, each.addresses.join(' '), each.peer]),
      ]
      return places.map((place, index) => [
        ...(index === 0 ? [name, kind, as === undefined ? '' : String(as)] : ['', '', '']),
        ...place,
        index === 0 ? state.join('; ') : '',
      ])
    }),
  )
