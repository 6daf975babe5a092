// AS attributes of collected rows against the routers' own tables: what a longest-prefix match in the table of the router
// that fed the collector says of source and destination.

import type { CollectedTable, Route, RouteTable, Row } from '../evidence.ts'
import { covers, familyOf, parseAddress, parsePrefix } from '../kernel/address.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'

/** The router's view that a table's rows are held against. */
export interface View {
  readonly router: string
  /** The router's tables as they were over time. */
  readonly tables: readonly RouteTable[]
  /** What the router announces as the next hop of its own routes, at most one a family. */
  readonly selves: readonly string[]
  /** What the peer that flows come from is called: the exporter's address, or nothing in a probe's own tables. */
  readonly exporter: string
  /** From the first packet of a row's hosts to the last record of them, ms since the epoch; undefined where nobody knows. */
  readonly lifeOf?: (row: Row) => readonly [from: number, till: number] | undefined
  /** How long the daemon may have gone by a table that the router had no more, in ms. */
  readonly behind: number
  /** Times in which the daemon may have known nothing: from an event until it had followed. */
  readonly blind: readonly { readonly event: string; readonly from: number; readonly till: number }[]
}

export interface Checked {
  readonly checked: number
  readonly wrong: readonly WrongAttribute[]
  /** Rows in which some attribute that a route decides is there and right. */
  readonly informed: number
  /** Empty because of an event, by its name. */
  readonly forgiven: readonly { readonly event: string; readonly row: Row }[]
}

export interface WrongAttribute {
  readonly primitive: string
  readonly row: Row
  readonly found: string
  readonly expected: string
  readonly route: Route | undefined
  /** What the router's next shorter prefix for the same address says. */
  readonly lessSpecific?: string
  /** What the router's tables of other times say, before the row's flows or after them. */
  readonly atOtherTimes: readonly string[]
  /** Whether other attributes of the same host in the same row, which its route decides, are there and right. */
  readonly isAlone: boolean
}

/** The longest match, or the `skip`-th longest after it. */
type Lookup = (address: string, skip?: number) => Route | undefined

interface Attribute {
  /** The primitive of the host that it belongs to; empty where it belongs to none. */
  readonly of: '' | 'src_host' | 'dst_host'
  /** Its name in pmacct's JSON. */
  readonly json: string
  readonly expected: (row: Row, find: Lookup, view: View) => string
}

/** By pmacct's primitive: the name in its JSON, and what the routes say that it must be. */
const attributes: Readonly<Record<string, Attribute>> = {
  src_as: { of: 'src_host', json: 'as_src', expected: (row, find) => origin(find(sourceOf(row))) },
  dst_as: { of: 'dst_host', json: 'as_dst', expected: (row, find) => origin(find(destinationOf(row))) },
  peer_src_as: {
    of: 'src_host',
    json: 'peer_as_src',
    expected: (row, find) => neighbour(find(sourceOf(row))),
  },
  peer_dst_as: {
    of: 'dst_host',
    json: 'peer_as_dst',
    expected: (row, find) => neighbour(find(destinationOf(row))),
  },
  src_as_path: { of: 'src_host', json: 'src_as_path', expected: (row, find) => path(find(sourceOf(row))) },
  as_path: { of: 'dst_host', json: 'as_path', expected: (row, find) => path(find(destinationOf(row))) },
  peer_src_ip: { of: '', json: 'peer_ip_src', expected: (_row, _find, { exporter }) => exporter },
  peer_dst_ip: {
    of: 'dst_host',
    json: 'peer_ip_dst',
    expected: (row, find, { selves }) => {
      const route = find(destinationOf(row))
      const isSame = (address: string) => route !== undefined && familyOf(address) === familyOf(route.prefix)
      return route ? (route.nextHop ?? selves.find(isSame) ?? '') : ''
    },
  },
}

export const sourceOf = (row: Row): string => String(row['ip_src'] ?? '')
export const destinationOf = (row: Row): string => String(row['ip_dst'] ?? '')

/** A route of the own AS has no origin but 0, as pmacct has it. */
const origin = (route: Route | undefined): string => String(route?.path.at(-1) ?? 0)
const neighbour = (route: Route | undefined): string => String(route?.path[0] ?? 0)
const path = (route: Route | undefined): string => (route?.path ?? []).join(' ')

/** Whether a table keeps any attribute that routes decide. */
export const hasAttributes = ({ aggregate }: CollectedTable): boolean =>
  aggregate.some((primitive) => primitive in attributes)

/** What the router believed, and from when till when it may have. */
export const believed = ({ tables, behind }: View): { find: Lookup; from: number; till: number }[] =>
  tables.map((each, index) => {
    const [before, after] = [tables[index - 1], tables[index + 1]]
    return {
      find: longestMatch(each.routes),
      from: before ? (before.seen ?? before.taken) : -Infinity,
      till: after ? after.taken + behind : Infinity,
    }
  })

/**
 * A row is right if it agrees with what the router believed at some time between the first packet and the last record of its
 * hosts. When a table changed is known to the moments at which the router was asked: both are allowed in between.
 */
export function checkAttributes(table: CollectedTable, view: View): Checked {
  const tables = believed(view)
  // Without the host that it is an attribute of, a row's value cannot be held against a route.
  const wanted = table.aggregate.filter((primitive) => {
    const host = attributes[primitive]?.of
    return host !== undefined && (host === '' || table.aggregate.includes(host))
  })
  const wrong: WrongAttribute[] = []
  const forgiven: { event: string; row: Row }[] = []
  let informed = 0
  for (const row of table.rows) {
    // The hosts of the row of which some attribute came from their route.
    const told = new Set<string>()
    const wrongHere: Omit<WrongAttribute, 'isAlone'>[] = []
    const [from, till] = view.lifeOf?.(row) ?? [-Infinity, Infinity]
    const lookups = tables.filter((each) => each.from <= till && each.till >= from).map(({ find }) => find)
    for (const primitive of wanted) {
      const attribute = attributes[primitive]
      if (!attribute) continue
      const { json, expected } = attribute
      const found = normal(json, String(row[json] ?? ''))
      const right = lookups.map((find) => expected(row, find, view))
      if (right.includes(found)) {
        if (attribute.of !== '' && !isEmpty(found)) told.add(attribute.of)
        continue
      }
      const blind = view.blind.find((each) => each.from <= till && each.till >= from)
      if (blind && isEmpty(found)) {
        forgiven.push({ event: blind.event, row })
        continue
      }
      const of = primitive.includes('src') ? sourceOf(row) : destinationOf(row)
      const last = lookups.at(-1)
      const shorter = last?.(of, 1)
      const others = tables.filter(({ find }) => !lookups.includes(find))
      wrongHere.push({
        ...{ primitive, row, found, expected: right.at(-1) ?? '', route: last?.(of) },
        atOtherTimes: others.map(({ find }) => expected(row, find, view)).filter((each) => !isEmpty(each)),
        ...(shorter ? { lessSpecific: expected(row, (address) => last?.(address, 1), view) } : {}),
      })
    }
    if (told.size > 0) informed++
    wrong.push(
      ...wrongHere.map((each) => {
        const of = attributes[each.primitive]?.of ?? ''
        return { ...each, isAlone: of === '' || told.has(of) }
      }),
    )
  }
  return { checked: table.rows.length * wanted.length, wrong, informed, forgiven }
}

const isEmpty = (found: string): boolean => found === '' || found === '0'

/** AS paths come as `65530_65533`; of an empty one pmacct 1.7.7 shows, now and then, whatever was in memory. */
export const normal = (json: string, text: string): string =>
  json.endsWith('as_path') ? (text.match(/\d+/g) ?? []).join(' ') : text.trim()

/** Answers are kept: a table has far more rows than addresses. */
export function longestMatch(routes: readonly Route[]): Lookup {
  const prefixes = routes
    .flatMap((route) => {
      const prefix = parsePrefix(route.prefix)
      return prefix ? [{ prefix, route }] : []
    })
    .toSorted((a, b) => b.prefix.length - a.prefix.length)
  const known = new Map<string, readonly Route[]>()
  return (text, skip = 0) => {
    const address = parseAddress(text)
    const found =
      known.get(text) ??
      (address ? prefixes.filter(({ prefix }) => covers(prefix, address)).map(({ route }) => route) : [])
    known.set(text, found)
    return found[skip]
  }
}

/** The volume of the rows that have any wrong attribute, each row once. */
export function volumeOf(wrong: readonly { readonly row: Row }[]): Volume {
  const rows = new Set(wrong.map(({ row }) => row))
  return [...rows].reduce(
    (total, row) => add(total, { packets: Number(row['packets']), bytes: Number(row['bytes']) }),
    nothing,
  )
}
