// The interface numbers of records. pmacctd knows that of its interface where it meters one direction; of both it must be told
// which packet goes which way: by tags of a map that is written as the probe starts, when the interface's MAC address and number are known.

import type { ProbePlan, ProcessPlan } from '../../../plan/plan.ts'
import { exporters } from '../../../plan/exporters.ts'
import type { Directives } from '../../pmacct/directives.ts'

/** Path in the node of the map of tags. */
const mapPath = ({ process }: ProbePlan): string => `/run/${process}.interfaces`

/**
 * Tag: the direction, 1 in and 2 out; tag2: the interface's number (QUICKSTART, XII). An entry that sets both sets the first
 * alone, to the value of the second.
 */
const script = String.raw`
ip -o link show dev "$1" | sed -E "s/^([0-9]+):.* link\/ether ([0-9a-f:]+) .*/\
set_tag=2 filter='ether src \2' jeq=number\n\
set_tag=1 filter='not ether src \2' jeq=number\n\
set_tag2=\1 filter='ether[0] >= 0' label=number/" >"$2"
`

/** Whether an export asks for the numbers, and nothing of the user's own says where they are from. */
function isAsked({ export: way, own, options }: ProbePlan): boolean {
  if (own?.config || own?.maps['pre_tag_map'] || own?.maps['pcap_interfaces_map']) return false
  if (
    Object.keys(options).some((key) => /^(pcap_ifindex|pre_tag_map|[ns]fprobe_(ifindex|direction))/.test(key))
  )
    return false
  return way.aggregate.some((primitive) => primitive === 'in_iface' || primitive === 'out_iface')
}

const isTagged = (probe: ProbePlan): boolean => isAsked(probe) && probe.direction === undefined

/** Of the daemon. */
export const numbering = (probe: ProbePlan): Directives =>
  isAsked(probe) && probe.direction ? { pcap_ifindex: 'sys' } : {}

/** Of one exporting plugin. */
export function numberingOf(plugin: string, probe: ProbePlan): Directives {
  if (!isTagged(probe)) return {}
  const type = probe.export.protocol === 'sflow' ? 'sfprobe' : 'nfprobe'
  return {
    [`pre_tag_map[${plugin}]`]: mapPath(probe),
    [`${type}_direction[${plugin}]`]: 'tag',
    [`${type}_ifindex[${plugin}]`]: 'tag2',
  }
}

/** What writes the map; at most one. */
export const numberers = (probe: ProbePlan): ProcessPlan[] =>
  exporters({ probes: [probe] }).some((way) => isTagged(way))
    ? [
        {
          name: `${probe.process}-interfaces`,
          argv: ['bash', '-c', script, 'interfaces', probe.interface, mapPath(probe)],
          oneshot: true,
        },
      ]
    : []
