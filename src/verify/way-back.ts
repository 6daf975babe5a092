// What a source's AS path and peer are, where packets do not come by the way that leads back: tables look them up among routes to
// the source, and the wire knows from which neighbour the packets came.

import type { CollectedTable, Row } from '../evidence.ts'
import { exportName } from '../plan/exporters.ts'
import type { CollectorPlan, Plan, ProbePlan } from '../plan/plan.ts'
import { addressText, literal, type Store } from '../store.ts'
import { destinationOf, longestMatch, normal, sourceOf, type View, volumeOf } from './attributes.ts'
import { wayBack } from './causes/routing.ts'
import { directions } from './ledgers.ts'
import type { Finding } from './verdict.ts'

/** Primitives that say by which neighbour a source is reached, and how its AS is read from the row. */
const told: Readonly<Record<string, (row: Row) => string>> = {
  peer_src_as: (row) => String(row['peer_as_src'] ?? ''),
  src_as_path: (row) => normal('src_as_path', String(row['src_as_path'] ?? '')).split(' ')[0] ?? '',
}

/** The AS at the other end of the link of an observation point; undefined where there are several, or it is the point's own. */
function neighbourOf({ links, nodes }: Plan, { node, interface: name }: ProbePlan): number | undefined {
  const nodeOf = (wanted: string) => nodes.find((each) => each.name === wanted)
  const across = (from: string, by?: string): string | undefined =>
    links
      .find(({ ends }) => ends.some((end) => end.node === from && (by === undefined || end.interface === by)))
      ?.ends.find((end) => end.node !== from)?.node
  const first = across(node, name)
  const far =
    first !== undefined && nodeOf(first)?.kind === 'wire'
      ? links
          .flatMap(({ ends }) => (ends.some((end) => end.node === first) ? ends : []))
          .find((end) => end.node !== first && end.node !== node)?.node
      : first
  const other = far === undefined ? undefined : nodeOf(far)
  const isRouter = other?.kind === 'frr' || other?.kind === 'bird'
  return isRouter && other.as !== nodeOf(node)?.as ? other.as : undefined
}

const mostRows = 4

export async function judgeWayBack(
  store: Store,
  plan: Plan,
  [daemon, table]: readonly [ProbePlan | CollectorPlan, CollectedTable],
  probe: ProbePlan,
  view: View,
): Promise<Finding[]> {
  const neighbour = neighbourOf(plan, probe)
  const primitives = table.aggregate.filter((primitive) => primitive in told)
  const hasHosts = ['src_host', 'dst_host'].every((host) => table.aggregate.includes(host))
  if (neighbour === undefined || primitives.length === 0 || !hasHosts) return []
  const pairs = await store.ask<{ source: bigint | null; destination: bigint | null }>(
    `SELECT DISTINCT source, destination FROM wire WHERE point = ${literal(probe.point)} AND direction = ${directions.indexOf('in')}`,
  )
  const cameIn = new Set(
    pairs.map(({ source, destination }) => `${addressText(source)} ${addressText(destination)}`),
  )
  const lookups = view.tables.map(({ routes }) => longestMatch(routes))
  const isElsewhere = (source: string): boolean =>
    lookups.every((find) => {
      const first = find(source)?.path[0]
      return first !== undefined && first !== neighbour
    })
  const wrong = table.rows.filter(
    (row) =>
      cameIn.has(`${sourceOf(row)} ${destinationOf(row)}`) &&
      isElsewhere(sourceOf(row)) &&
      primitives.some((primitive) => {
        const found = told[primitive]?.(row) ?? ''
        return found !== '' && found !== '0' && found !== String(neighbour)
      }),
  )
  if (wrong.length === 0) return []
  const volume = volumeOf(wrong.map((row) => ({ row })))
  const name = `${daemon.name}/${table.name}`
  return [
    {
      ...{ id: `${wayBack.id}@${name}`, cause: wayBack.id, stage: wayBack.stage, remedy: wayBack.remedy },
      ...{ point: probe.point, probe: probe.name, collector: probe.export.collector },
      ...volume,
      flows: wrong.length,
      accounts: [{ account: name, ...volume }],
      ...{ fit: [], alternatives: [] },
      summary: `${primitives.join(', ')} of ${wrong.length} row${wrong.length === 1 ? '' : 's'} in table ${table.name} of ${daemon.name} are those of the way back to the source; their packets came in at ${probe.point}, from AS ${neighbour}`,
      evidence: wrong.slice(0, mostRows).map((row) => ({
        kind: 'route' as const,
        file: 'routes.json',
        router: view.router,
        prefix: lookups.at(-1)?.(sourceOf(row))?.prefix ?? '',
        text: `${name}: ${sourceOf(row)} → ${destinationOf(row)}: ${primitives.map((primitive) => `${primitive} says AS ${told[primitive]?.(row)}`).join(', ')}; the packets came in at ${probe.point} from AS ${neighbour} (wire.json), and ${exportName(probe)} metered them there`,
      })),
    },
  ]
}
