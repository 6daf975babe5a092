// What flow records say of routing (AS numbers, the next hop) against the tables of the router that the probe stands for. An exporter
// may tell origins or neighbours (NetFlow v5 and v9 can be set to either), but the same in all records; of an AS of its own it
// may say 0 or the number. RFC 7012: bgpSourceAsNumber and bgpDestinationAsNumber, ipNextHopIPv4Address.

import type { Route } from '../../evidence.ts'
import { covers, type Prefix, parseAddress } from '../../kernel/address.ts'
import { exportName } from '../../plan/exporters.ts'
import type { ProbePlan } from '../../plan/plan.ts'
import { addressText, literal, type Store } from '../../store.ts'
import { believed, type View } from '../attributes.ts'
import { type Held, unheld } from './held.ts'

export interface Routing {
  readonly view: View | undefined
  /** Of the router; undefined where it has none. */
  readonly as: number | undefined
  /** Prefixes of its links. */
  readonly connected: readonly Prefix[]
}

/** Records that say the same of one address. */
interface Said {
  readonly address: string
  readonly found: string
  readonly records: number
  readonly octet: number
  readonly packet: number
  readonly at: number
  /** Routes that the router had for it at some time between the first of them and the last; undefined: none. */
  readonly routes: readonly (Route | undefined)[]
}

const mostExamples = 3
/** RFC 6793: what stands in two octets for a number of four. */
const asTrans = 23_456

/** Empty where no record has any of it. */
export async function holdRoutes(
  store: Store,
  probe: ProbePlan,
  { view, as, connected }: Routing,
): Promise<Held[]> {
  const held = []
  const tables = view ? believed(view) : []
  const sides = [
    await saidOf(store, probe, 'source', 'sourceAs', tables),
    await saidOf(store, probe, 'destination', 'destinationAs', tables),
  ].flat()
  if (sides.length > 0) held.push(heldAs(probe, view, as, sides))
  const hops = (await saidOf(store, probe, 'destination', 'nextHop', tables)).filter(
    ({ found }) => !isNowhere(found),
  )
  if (hops.length > 0) held.push(heldNextHop(view, connected, hops))
  return held
}

const isNowhere = (address: string): boolean => address === '' || address === '0.0.0.0' || address === '::'

function heldAs(
  probe: ProbePlan,
  view: View | undefined,
  own: number | undefined,
  all: readonly Said[],
): Held {
  const [id, attribute] = ['as', 'AS numbers in records'] as const
  const isAsked = probe.export.aggregate.some((primitive) => /^(src|dst)_as$/.test(primitive))
  const isEmpty = ({ found }: Said): boolean => found === '0'
  if (all.every(isEmpty) && !isAsked)
    return unheld(id, attribute, `0 in all records, and ${probe.name} was not asked for them`)
  if (!view) return unheld(id, attribute, 'no router of the lab knows its routes')
  const fits =
    (of: (path: readonly number[]) => number | undefined) =>
    (said: Said): boolean =>
      said.routes.some((route) => {
        const as = route && of(route.path)
        if (as === undefined) return said.found === '0' || said.found === String(own)
        const short = probe.export.protocol === 'netflow5' && as > 0xffff ? asTrans : as
        return said.found === String(short)
      })
  const wrongs = [fits((path) => path.at(-1)), fits((path) => path[0])].map((isRight) =>
    all.filter((each) => !isRight(each)),
  )
  const [byOrigin = [], byNeighbour = []] = wrongs
  const isNeighbour = records(byNeighbour) < records(byOrigin)
  const wrong = isNeighbour ? byNeighbour : byOrigin
  return {
    ...{ id, attribute, against: `routes of ${view.router}${isNeighbour ? ' (neighbouring AS)' : ''}` },
    ...{ checked: records(all), wrong: records(wrong), empty: records(wrong.filter(isEmpty)) },
    examples: wrong.slice(0, mostExamples).map((said) => {
      const path = said.routes.at(-1)?.path.join(' ')
      return example(
        said,
        `AS ${said.found}, ${view.router} has ${path === undefined ? 'no route' : `the path "${path}"`}`,
      )
    }),
  }
}

/** A next hop that is no neighbour of the router is found by its interior routes, which no table here has. */
function heldNextHop(view: View | undefined, connected: readonly Prefix[], all: readonly Said[]): Held {
  const [id, attribute] = ['nextHop', 'next hop in records'] as const
  if (!view) return unheld(id, attribute, 'no router of the lab knows its routes')
  const isNeighbour = (text: string): boolean => {
    const address = parseAddress(text)
    return address !== undefined && connected.some((prefix) => covers(prefix, address))
  }
  const told = all.filter(({ routes }) =>
    routes.every((route) => route?.nextHop !== undefined && isNeighbour(route.nextHop)),
  )
  if (told.length === 0)
    return unheld(id, attribute, `no route of ${view.router} has a neighbour for next hop`)
  const wrong = told.filter(({ found, routes }) => !routes.some((route) => route?.nextHop === found))
  return {
    ...{ id, attribute, against: `routes of ${view.router}` },
    ...{ checked: records(told), wrong: records(wrong), empty: 0 },
    examples: wrong
      .slice(0, mostExamples)
      .map((said) =>
        example(said, `next hop ${said.found}, ${view.router} has ${said.routes.at(-1)?.nextHop ?? 'none'}`),
      ),
  }
}

const records = (all: readonly Said[]): number => all.reduce((sum, each) => sum + each.records, 0)

const example = ({ address, packet, octet, at }: Said, text: string): Held['examples'][number] => ({
  ...{ frame: packet, offset: octet, at },
  text: `${address}: ${text}`,
})

async function saidOf(
  store: Store,
  probe: ProbePlan,
  side: 'source' | 'destination',
  column: 'sourceAs' | 'destinationAs' | 'nextHop',
  tables: ReturnType<typeof believed>,
): Promise<Said[]> {
  const rows = await store.ask<Readonly<Record<string, bigint | number | null>>>(`
    SELECT ${side} AS address, ${column} AS found, count(*) AS records, min(struct_pack(packet, octet)).packet AS packet,
      min(struct_pack(packet, octet)).octet AS octet, epoch_ms(min(seen)) AS at,
      epoch_ms(min(coalesce(flowStart, seen))) AS begun, epoch_ms(max(seen)) AS ended
    FROM exported WHERE probe = ${literal(exportName(probe))} AND ${column} IS NOT NULL AND ${side} IS NOT NULL
    GROUP BY ALL ORDER BY packet, octet`)
  return rows.map((row) => {
    const address = addressText(BigInt(row['address'] ?? 0))
    const [begun, ended] = [Number(row['begun']), Number(row['ended'])]
    return {
      address,
      found: column === 'nextHop' ? addressText(BigInt(row['found'] ?? 0)) : String(row['found']),
      ...{ records: Number(row['records']), packet: Number(row['packet']), octet: Number(row['octet']) },
      at: Number(row['at']),
      routes: tables
        .filter(({ from, till }) => from <= ended && till >= begun)
        .map(({ find }) => find(address)),
    }
  })
}
