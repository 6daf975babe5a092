// Open vSwitch: the switch that a node's interface is connected by, and its own metering. It keeps no tables.

import type { ProbePart } from '../../../part.ts'
import { milliseconds } from '../../../kernel/units.ts'
import { compile } from './config.ts'

export const ovs: ProbePart = {
  package: 'openvswitch-switch',
  programs: ['ovs-vswitchd', 'ovsdb-server', 'ovsdb-tool', 'ovs-vsctl', 'ovs-appctl'],
  version: '--version',
  optional: true,
  // What waits at its ports; of sFlow it sends each second what it has.
  captureDelay: ({ export: way }) => milliseconds(way.protocol === 'sflow' ? 1_500 : 300),
  compile,
  tables: async () => [],
}
