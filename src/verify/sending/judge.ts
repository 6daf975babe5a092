// The generators' reports as the witness that they are: beside each what of it crossed, and where the wire is beside the sender whether
// all of it did. What is missing there has a reason that the lab was given, or is a finding.

import type { Wire } from '../../evidence.ts'
import { add, nothing, type Volume } from '../../kernel/units.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Described } from '../causes/cause.ts'
import { generatorMiscounts, trafficLost } from '../causes/sending.ts'
import { counter } from '../evidence-item.ts'
import type { Finding, Verdict } from '../verdict.ts'
import type { Evidence } from '../verify.ts'
import { type Beside, besideOf } from './beside.ts'
import { type Claim, type Claims, claimsOf } from './claims.ts'
import { type Count, countIn, type Key, overlap, pairs } from './keys.ts'

export interface Sending {
  readonly traffic: Verdict['traffic']
  readonly findings: readonly Finding[]
}

export function judgeSending({
  plan,
  wire,
  sent,
  timeline,
}: Pick<Evidence, 'plan' | 'wire' | 'sent' | 'timeline'>): Sending {
  const all = sent.flatMap((report) => claimsOf(plan, report) ?? [])
  // Reports are of the last time that the traffic was sent, the wire is of all times.
  const isOnce = timeline.filter(({ what, target }) => what === 'start' && target === 'traffic').length === 1
  const happened = timeline.some(({ event }) => event !== undefined)
  const crossed = mostCrossed(wire)
  const claimed = pairs(
    all.flatMap(({ claims }) => claims),
    ({ key }) => key,
  )
  const judged = all.map((report) => {
    const place = isOnce ? besideOf(plan, report.node) : undefined
    const count = place && besides(wire, place)
    const check = count && report.claims.length > 0 ? compare(report.claims, claimed, count) : undefined
    const because = place && check && check.missing !== 0 ? reasonOf(place, happened) : undefined
    return { report, place, check, because }
  })
  return {
    traffic: judged.map(({ report, place, check, because }) => {
      const { flow, sent: volume, received, flows, keys } = report
      const most = crossed(keys)
      return {
        ...{ flow, sent: volume },
        ...(received && { received }),
        ...(flows === undefined ? {} : { flows }),
        ...(most && { wire: most }),
        ...(place && check && { beside: besideText(place, check, because) }),
      }
    }),
    findings: judged.flatMap(({ report, place, check, because }) =>
      place && check && check.missing !== 0 && because === undefined
        ? [finding(plan, report, place, check)]
        : [],
    ),
  }
}

const besideText = ({ point }: Beside, { claimed, missing }: Check, because: string | undefined) => ({
  ...{ point, claimed, missing },
  ...(because === undefined ? {} : { because }),
})

/** Why the lab does not let all of it cross; undefined where it does. */
function reasonOf({ impairment = {} }: Beside, happened: boolean): string | undefined {
  const { loss, rate } = impairment
  if (loss) return `the link to it loses ${'every' in loss ? `1/${loss.every}` : `${loss.random * 100} %`}`
  if (rate !== undefined) return `the link to it passes ${rate / 1e6} Mbit/s`
  return happened ? 'of what happened on purpose' : undefined
}

/** undefined where the kernel had no room for all flows. */
function besides(wires: readonly Wire[], { point, direction }: Beside): Count | undefined {
  const counted = wires.find((wire) => wire.point === point)?.directions[direction]
  return counted && counted.overflow.packets === 0 ? countIn(counted.flows) : undefined
}

interface Check {
  /** Packets that must have crossed. */
  readonly claimed: number
  /** Negative: so many more crossed. */
  readonly missing: number
  /** How many flows differ. */
  readonly flows: number
}

/** What several reports say of one key is on the wire together: it is held against it together. */
function compare(claims: readonly Claim[], all: (key: Key) => readonly Claim[], count: Count): Check {
  const differences = claims.map(({ key }) => {
    const same = all(key).filter((other) => overlap(key, other.key))
    const claimed = same.reduce((sum, { packets }) => sum + packets, 0)
    const difference = claimed - count(key).packets
    return same.some(({ atLeast }) => atLeast) ? Math.max(0, difference) : difference
  })
  return {
    claimed: claims.reduce((sum, { packets }) => sum + packets, 0),
    missing: differences.reduce((sum, difference) => sum + difference, 0),
    flows: differences.filter((difference) => difference !== 0).length,
  }
}

/** The most that crossed any one point of each key, all keys together; undefined where none of them crossed any. */
function mostCrossed(wires: readonly Wire[]): (keys: readonly Key[]) => Volume | undefined {
  const counts = wires.map(({ directions }) => countIn([...directions.in.flows, ...directions.out.flows]))
  return (keys) => {
    const total = keys
      .map((key) =>
        counts
          .map((count) => count(key))
          .reduce((most, each) => (each.packets > most.packets ? each : most), nothing),
      )
      .reduce(add, nothing)
    return total.packets > 0 ? total : undefined
  }
}

function finding(plan: Plan, { flow, node }: Claims, place: Beside, check: Check): Finding {
  const { missing, claimed, flows } = check
  const cause: Described = missing > 0 ? trafficLost : generatorMiscounts
  const probe = plan.probes.find(({ point }) => point === place.point) ?? plan.probes[0]
  return {
    id: `${cause.id}@${node}`,
    ...{ cause: cause.id, stage: cause.stage, point: place.point },
    ...{ probe: probe?.name ?? '', collector: probe?.export.collector ?? '' },
    ...{ packets: missing, bytes: 0, flows, accounts: [], fit: [], alternatives: [] },
    summary:
      missing > 0
        ? `of ${claimed} packets that ${node} says it sent (${flow}) ${missing} are not at ${place.point}, and no link between is meant to lose any`
        : `${-missing} packets more than the ${claimed} that ${node} says it sent (${flow}) are at ${place.point}`,
    remedy: cause.remedy,
    evidence: [
      counter('sent.json', `${flow}: ${claimed} packets`),
      counter('wire.json', `${place.point} ${place.direction}: ${claimed - missing} of them`),
    ],
  }
}
