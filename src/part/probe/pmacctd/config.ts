// ProbePlan → pmacctd.conf: nfprobe for the exports, memory plugins for its own tables, as in the talk.

import type { Compiled } from '../../../part.ts'
import { familyOf, socketAddress } from '../../../kernel/address.ts'
import type { ProbePlan } from '../../../plan/plan.ts'
import {
  agentMapPath,
  bgp,
  configuration,
  daemon,
  type Directives,
  queue,
  tables,
  wake,
} from '../../pmacct/directives.ts'

/** The nfprobe plugin's name, as in the talk. */
const exporting = 'collect'

export function compile(probe: ProbePlan): Compiled {
  const path = `/etc/pmacct/${probe.process}.conf`
  const agents = probe.bgp
  return {
    files: {
      [path]: configuration(directives(probe), probe.options),
      // pmacctd has one agent, itself: 0.0.0.0/0 stands for every packet that it sees.
      ...(agents ? { [agentMapPath(probe.process)]: `bgp_ip=${agents.peer} ip=0.0.0.0/0\n` } : {}),
    },
    processes: [
      {
        name: probe.process,
        argv: ['pmacctd', '-f', path],
        // It says so when libpcap has opened the interface, and then waits for packets in poll(2).
        says: 'link type is',
        ...wake(probe.bgp, 'poll'),
        stop: 'SIGINT',
      },
    ],
  }
}

/** nfprobe's names for the protocols: their version numbers (RFC 7011, section 3.1, for IPFIX's). */
const versions = { netflow5: '5', netflow9: '9', ipfix: '10' } as const

const directives = (probe: ProbePlan): Directives => ({
  ...daemon(probe.process),
  pcap_interface: probe.interface,
  plugins: [...probe.tables.map(({ name }) => `memory[${name}]`), `nfprobe[${exporting}]`].join(', '),
  ...(probe.bgp ? bgp('pmacctd', probe.process, probe.bgp) : {}),
  ...tables(probe, 'buffer'),
  ...queue(exporting),
  [`aggregate[${exporting}]`]: probe.export.aggregate.join(', '),
  nfprobe_receiver: socketAddress(probe.export.address, probe.export.port),
  // Given an address of IPv6, 1.7.7 cannot bind to it; the kernel takes that of the interface by which exports leave, which it is.
  ...(familyOf(probe.export.source) === 4 ? { nfprobe_source_ip: probe.export.source } : {}),
  nfprobe_version: versions[probe.export.protocol],
  [`nfprobe_timeouts[${exporting}]`]: 'maxlife=60:expint=60',
})
