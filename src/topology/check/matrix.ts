// A traffic matrix: its ends are ASes and hosts of the lab between which there is a way, and its flows are no more and last no longer than
// can be sent.
import { nameOf } from '../families.ts'
import { atOnce, countOf, endsOf, largestOf, lastsOf, matrixHosts, mostAtOnce } from '../matrix.ts'
import type { Path } from '../problem.ts'
import { inventory, listing, suggestion } from '../suggest.ts'
import { mostDrawn } from '../topology.ts'
import { isRouter } from './scene.ts'
import type { Scene } from './scene.ts'
import type { Ways } from './way.ts'

export type TrafficDraft = NonNullable<NonNullable<Scene['draft']['traffic']>[number]>
export type MatrixDraft = Extract<TrafficDraft, { readonly kind?: 'matrix' | undefined }>

const totals = ['rate', 'volume', 'flows'] as const

export function checkMatrix(scene: Scene, entry: MatrixDraft, path: Path, ways: Ways): void {
  const { report } = scene
  const written = totals.filter((key) => key in entry)
  if (written.length !== 1)
    report(
      path,
      `expected one of ${listing(totals, 'and')}, found ${written.join(' and ') || 'none'}`,
      written.length > 0 ? 'Leave the others out: each follows from one.' : 'Write such as rate: 8mbit.',
    )
  if ('weights' in entry && 'demands' in entry)
    report([...path, 'demands'], 'expected weights or demands, found both', 'Leave one of them out.', 'key')
  checkFlows(scene, entry, path)
  const named = namesIn(entry, path)
  const areKnown = named.map(({ name, at }) => isEnd(scene, name, at)).every(Boolean)
  if (areKnown && scene.wired) checkCells(scene, entry, path, ways)
}

interface Named {
  readonly name: string
  readonly at: Path
}

/** Every end that is written, with where it stands. */
const namesIn = ({ weights, demands }: MatrixDraft, path: Path): Named[] => [
  ...Object.keys(weights ?? {}).map((name) => ({ name, at: [...path, 'weights', name] })),
  ...Object.entries(demands ?? {}).flatMap(([from, row]) => [
    { name: from, at: [...path, 'demands', from] },
    ...Object.keys(row ?? {}).map((name) => ({ name, at: [...path, 'demands', from, name] })),
  ]),
]

/** Reports what is neither a host nor an AS with hosts. Whether it is one is the answer. */
function isEnd({ draft, nodes, report }: Scene, name: string, at: Path): boolean {
  const hosts = matrixHosts(draft)
  const ases = [...new Set(hosts.flatMap(({ as }) => (as === undefined ? [] : [String(as)])))]
  const known = [...hosts.map((host) => host.name), ...ases]
  if (known.includes(name)) return true
  const kind = nodes.get(name)
  const what = kind === undefined ? name : `${name}, a ${isRouter(kind) ? 'router' : kind}`
  report(
    at,
    `expected a host of the lab or an AS with hosts, found ${what}`,
    suggestion(
      name,
      known,
      `${inventory(
        'host',
        hosts.map((host) => host.name),
      )} ${inventory('AS', ases, ' with hosts').replace('ASs', 'ASes')}`,
    ),
    'key',
  )
  return false
}

/** How many flows, and how long the longest. */
function checkFlows({ report }: Scene, entry: MatrixDraft, path: Path): void {
  const { sizes, pace, for: span, rate, volume } = entry
  if (sizes === undefined || pace === undefined || span === undefined) return
  const longest = lastsOf(largestOf(sizes), { pace })
  if (longest > span)
    report(
      [...path, 'sizes' in entry ? 'sizes' : 'for'],
      `expected flows that end within ${span} ms, found some of ${largestOf(sizes)} bytes, which at ${pace} bit/s last ${Math.ceil(longest)} ms`,
      'Make the largest smaller, the pace faster or the span longer.',
    )
  const key = volume === undefined ? 'rate' : 'volume'
  const total = totalOf({ rate, volume })
  const count = total && countOf({ total, sizes, for: span })
  if (count !== undefined && count > mostDrawn)
    report(
      [...path, key],
      `expected at most ${mostDrawn} flows, found ${count} by the mean of their sizes`,
      'Ask for less, or make the flows larger: write larger sizes.',
    )
}

/** Somebody sends to somebody else, and there is a way. */
function checkCells(scene: Scene, entry: MatrixDraft, path: Path, ways: Ways): void {
  const { report, draft, familiesAt } = scene
  const { weights = {}, demands } = entry
  const named = namesIn(entry, path).map(({ name }) => name)
  const ends = endsOf(matrixHosts(draft), named, demands ? 'named' : 'all')
  const endOf = (name: string) => ends.find((end) => end.name === name)
  const weigh = (name: string, side: 'sends' | 'receives'): number => {
    const weight = weights[name]
    return (typeof weight === 'object' ? weight[side] : weight) ?? endOf(name)?.hosts.length ?? 0
  }
  const cells = demands
    ? Object.entries(demands).flatMap(([from, row]) =>
        Object.entries(row ?? {}).map(([to, amount]) => ({
          from,
          to,
          amount: amount ?? 1,
          at: [...path, 'demands', from, to],
        })),
      )
    : ends.flatMap(({ name: from }) =>
        ends
          .filter(({ name }) => name !== from)
          .map(({ name: to }) => ({
            from,
            to,
            amount: weigh(from, 'sends') * weigh(to, 'receives'),
            at: path,
          })),
      )
  const used = cells.filter(({ amount }) => amount > 0)
  if (used.length === 0) {
    report(
      path,
      `expected two ASes or hosts at least of which one sends to the other, found ${ends.length < 2 ? inventoryOf(ends) : 'none that does'}`,
      demands ? 'Write such as demands: { 65001: { 65002: 1 } }.' : 'Give two of them weights above 0.',
    )
    return
  }
  checkAtOnce(report, entry, path, used, (name) => endOf(name)?.hosts ?? [])
  for (const { from, to, at } of used) {
    const [sources, destinations] = [from, to].map((name) => endOf(name)?.hosts ?? [])
    const pairs = (sources ?? []).flatMap((source) =>
      (destinations ?? []).flatMap((destination) =>
        source === destination ? [] : [{ source, destination }],
      ),
    )
    if (pairs.length === 0) {
      report(
        at,
        `expected two hosts, one of ${from} and one of ${to}, found none`,
        'Leave it out, or add hosts.',
      )
      return
    }
    for (const { source, destination } of pairs) {
      const common = ([4, 6] as const).filter((family) =>
        [source, destination].every((host) => familiesAt(host).has(family)),
      )
      const family = common.find((each) => ways[each](source, destination) === 0)
      if (common.length > 0 && family === undefined) continue
      report(
        at,
        common.length === 0
          ? `expected a family of which both ${source} and ${destination} have addresses, found none`
          : `expected links ${scene.families.length > 1 && family ? `with ${nameOf(family)} ` : ''}that lead from ${source} to ${destination}, found none`,
        common.length === 0
          ? 'Give both a link with addresses of one family.'
          : 'Add the missing link, or give one of them the weight 0.',
      )
      return
    }
  }
}

/** What was said of it, where that could be read. */
function totalOf({ rate, volume, flows }: Pick<MatrixDraft, (typeof totals)[number]>) {
  if (volume !== undefined) return { volume }
  if (rate !== undefined) return { rate }
  return flows === undefined ? undefined : { flows }
}

/** What one process of mgen a host can send at once. */
function checkAtOnce(
  report: Scene['report'],
  { sizes, pace, for: span, rate, volume, flows }: MatrixDraft,
  path: Path,
  cells: readonly { readonly from: string; readonly amount: number }[],
  hostsOf: (end: string) => readonly string[],
): void {
  if (sizes === undefined || pace === undefined || span === undefined) return
  const total = totalOf({ rate, volume, flows })
  if (total === undefined) return
  const all = atOnce({ total, sizes, pace, for: span })
  const sum = cells.reduce((whole, { amount }) => whole + amount, 0)
  for (const from of new Set(cells.map((cell) => cell.from))) {
    const own = cells.filter((cell) => cell.from === from).reduce((whole, { amount }) => whole + amount, 0)
    const hosts = hostsOf(from)
    const each = Math.round((all * own) / sum / Math.max(1, hosts.length))
    if (each <= mostAtOnce) continue
    report(
      path,
      `expected at most ${mostAtOnce} flows at once from a host, found about ${each} from ${hosts.length > 1 ? `each of AS ${from}` : (hosts[0] ?? from)}`,
      'Make the pace faster, the span longer or the flows fewer or smaller: mgen has a socket for each, and ends by its 1024th file.',
    )
    return
  }
}

const inventoryOf = (ends: readonly { readonly name: string }[]): string =>
  ends.length === 0 ? 'no host in an AS' : `${ends[0]?.name} alone`
