// Findings about routing information: AS attributes that are not what the routers' own tables say, each named by
// the cause that predicts what was found.

import type { CollectedTable, RouteTable } from '../evidence.ts'
import type { CollectorPlan, ProbePlan } from '../plan/plan.ts'
import { checkAttributes, hasAttributes, type View, volumeOf, type WrongAttribute } from './attributes.ts'
import { type Allowance, feedThrough, type Happened, type OneWay } from './events.ts'
import { type AttributeCase, type AttributeCause, attributeCauses } from './causes/routing.ts'
import type { AttributeCheck, EvidenceItem, Finding } from './verdict.ts'

type Daemon = ProbePlan | CollectorPlan

/** The router whose view a daemon's tables must agree with: the one that feeds it, else the one on the probe's node. */
export function viewOf(
  daemon: Daemon,
  probe: ProbePlan,
  routes: readonly RouteTable[],
  { events, ...way }: OneWay & { readonly events: readonly Happened[] },
): View | undefined {
  const router = daemon.bgp?.router ?? probe.bgp?.router ?? probe.node
  const tables = routes.filter((table) => table.router === router)
  if (tables.length === 0) return undefined
  return {
    router,
    tables,
    selves: daemon.bgp?.nextHops ?? [],
    exporter: daemon === probe ? '' : probe.export.source,
    ...feedThrough(events, daemon === probe ? `probe ${probe.name}` : `collector ${daemon.name}`, way),
  }
}

export interface Judged {
  readonly checked: number
  readonly wrong: number
  readonly findings: readonly Finding[]
  readonly checks: readonly AttributeCheck[]
  readonly forgiven: readonly Allowance[]
}

export function judgeRouting(
  daemon: Daemon,
  probe: ProbePlan,
  table: CollectedTable,
  view: View,
  log: Pick<AttributeCase, 'updates' | 'closes'>,
): Judged {
  const result = checkAttributes(table, view)
  const given: AttributeCase = {
    ...{ daemon, probe, table: table.name, router: view.router, ...log },
    informedRows: result.informed,
  }
  return {
    checked: result.checked,
    wrong: result.wrong.length,
    forgiven: [...new Set(result.forgiven.map(({ event }) => event))].map((event) => ({
      event,
      stage: 'routing' as const,
      volume: volumeOf(result.forgiven.filter((each) => each.event === event)),
    })),
    findings: attribute(result.wrong, given).map((share) => finding(share, given, view)),
    checks: !hasAttributes(table)
      ? []
      : [
          {
            of: `${daemon.name}/${table.name}`,
            attribute: 'AS attributes',
            against: `routes of ${view.router}`,
            checked: result.checked,
            wrong: result.wrong.length,
          },
        ],
  }
}

/** Of a daemon whose attributes can be held against no router's table. */
export const unjudged = (daemon: Daemon, table: CollectedTable): Judged => ({
  ...{ checked: 0, wrong: 0, findings: [], forgiven: [] },
  checks: hasAttributes(table)
    ? [
        {
          of: `${daemon.name}/${table.name}`,
          ...{ attribute: 'AS attributes', against: 'no router', checked: 0, wrong: 0 },
          unchecked: 'no BGP view',
        },
      ]
    : [],
})

interface Share {
  readonly cause: AttributeCause
  readonly wrong: readonly WrongAttribute[]
  /** Of those that were to be explained when it was chosen. */
  readonly score: number
  readonly rivals: readonly { readonly cause: AttributeCause; readonly score: number }[]
}

const isPredicted = (cause: AttributeCause, wrong: WrongAttribute, given: AttributeCase): boolean =>
  cause.predicts(wrong, given).includes(wrong.found)

/** Each wrong attribute to the cause that predicts it; causes that predict more come first, the last predicts anything. */
function attribute(all: readonly WrongAttribute[], given: AttributeCase): Share[] {
  const shares: Share[] = []
  const open = attributeCauses.filter(({ applies }) => applies(given))
  const special = open.slice(0, -1)
  for (let left = all; left.length > 0; ) {
    const scored = special
      .map((cause) => {
        const wrong = left.filter((each) => isPredicted(cause, each, given))
        return { cause, wrong, score: Math.round((1000 * wrong.length) / left.length) / 1000 }
      })
      .filter(({ wrong }) => wrong.length > 0)
      .toSorted((a, b) => b.score - a.score)
    const [best, ...rivals] = scored
    const cause = best?.cause ?? open.at(-1)
    if (!cause) break
    const wrong = best?.wrong ?? left
    shares.push({ cause, wrong, score: best?.score ?? 0, rivals })
    left = left.filter((each) => !wrong.includes(each))
  }
  return shares
}

function finding({ cause, wrong, score, rivals }: Share, given: AttributeCase, view: View): Finding {
  const { daemon, probe, table } = given
  const primitives = [...new Set(wrong.map(({ primitive }) => primitive))].join(', ')
  const volume = volumeOf(wrong)
  return {
    id: `${cause.id}@${daemon.name}/${table}`,
    cause: cause.id,
    stage: 'routing',
    point: probe.point,
    probe: probe.name,
    collector: probe.export.collector,
    ...volume,
    flows: new Set(wrong.map(({ row }) => row)).size,
    accounts: [{ account: `${daemon.name}/${table}`, ...volume }],
    ...(score > 0 ? { score } : {}),
    fit: [],
    summary: cause.sentence(primitives, given),
    remedy: cause.remedy,
    evidence: [
      ...wrong.slice(0, mostRows).map((each) => evidenceOf(each, given, view)),
      ...(cause.evidence?.(given) ?? []),
    ],
    alternatives: rivals.map((rival) => ({
      cause: rival.cause.id,
      score: rival.score,
      test: rival.cause.test,
    })),
  }
}

const mostRows = 6

function evidenceOf(
  { primitive, row, found, expected, route }: WrongAttribute,
  { daemon, table }: AttributeCase,
  { router, tables }: View,
): EvidenceItem {
  const says = route ? `${route.prefix} path "${route.path.join(' ')}"` : 'no route'
  return {
    kind: 'route',
    file: 'routes.json',
    router,
    prefix: route?.prefix ?? '',
    ...(tables.at(-1) ? { at: tables.at(-1)?.taken } : {}),
    text: `${daemon.name}/${table}: ${row['ip_src']} → ${row['ip_dst']}: ${primitive} is "${found}", ${router} says "${expected}" (${says})`,
  }
}
