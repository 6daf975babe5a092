// Findings about routing information: AS attributes that are not what the routers' own tables say, and why.

import type { CollectedTable, RouteTable } from '../evidence.ts'
import type { CollectorPlan, ProbePlan } from '../plan/plan.ts'
import { checkAttributes, type Checked, type View, volumeOf, type WrongAttribute } from './attributes.ts'
import type { FindingId } from './catalogue.ts'
import type { Finding } from './verdict.ts'

type Daemon = ProbePlan | CollectorPlan

/** The router whose view a daemon's tables must agree with: the one that feeds it, else the one on the probe's node. */
export function viewOf(daemon: Daemon, probe: ProbePlan, routes: readonly RouteTable[]): View | undefined {
  const router = daemon.bgp?.router ?? probe.bgp?.router ?? probe.node
  const tables = routes.filter((table) => table.router === router)
  if (tables.length === 0) return undefined
  return {
    router,
    tables,
    selves: daemon.bgp?.nextHops ?? [],
    exporter: daemon === probe ? '' : probe.export.source,
  }
}

export interface Judged {
  readonly checked: number
  readonly wrong: number
  readonly findings: readonly Finding[]
}

export function judgeRouting(daemon: Daemon, probe: ProbePlan, table: CollectedTable, view: View): Judged {
  const result = checkAttributes(table, view)
  return {
    checked: result.checked,
    wrong: result.wrong.length,
    findings: result.wrong.length === 0 ? [] : [finding(daemon, probe, table, view, result)],
  }
}

function finding(
  daemon: Daemon,
  probe: ProbePlan,
  table: CollectedTable,
  view: View,
  { wrong }: Checked,
): Finding {
  const primitives = [...new Set(wrong.map(({ primitive }) => primitive))].join(', ')
  const common = {
    stage: 'routing' as const,
    point: probe.point,
    probe: probe.name,
    collector: probe.export.collector,
    ...volumeOf(wrong),
    evidence: wrong.slice(0, 6).map((each) => evidenceOf(each, daemon, table, view)),
  }
  const isEmpty = wrong.every(({ found }) => found === '' || found === '0')
  if (!daemon.bgp && isEmpty)
    return {
      ...common,
      id: 'no-bgp-session' satisfies FindingId,
      summary: `${daemon.name} has no BGP session, so ${primitives} are empty in its table ${table.name}; ${view.router} knows them`,
      remedy: `give ${daemon.name} a BGP session: \`bgp: ${view.router}\``,
    }
  if (isEmpty)
    return {
      ...common,
      id: 'as-attributes-empty' satisfies FindingId,
      summary: `${primitives} are empty in table ${table.name} of ${daemon.name}, though ${view.router} has routes: its BGP session was not up, or its agent map does not match, when the flows came`,
      remedy: `look for the BGP session with ${view.router} in the log of ${daemon.name}, and at its bgp_agent_map`,
    }
  return {
    ...common,
    id: 'as-attributes-wrong' satisfies FindingId,
    summary: `${primitives} in table ${table.name} of ${daemon.name} are not what ${view.router} says`,
    remedy: `compare the BGP table of ${daemon.name} with that of ${view.router}`,
  }
}

function evidenceOf(
  { primitive, row, found, expected, route }: WrongAttribute,
  daemon: Daemon,
  table: CollectedTable,
  view: View,
): string {
  const says = route ? `${route.prefix} path "${route.path.join(' ')}"` : 'no route'
  return `${daemon.name}/${table.name}: ${row['ip_src']} → ${row['ip_dst']}: ${primitive} is "${found}", ${view.router} says "${expected}" (${says})`
}
