// The routing protocol inside an AS: OSPFv2 and OSPFv3. Source: BIRD 2's user guide, "OSPF".

import type { Family } from '../../../kernel/address.ts'
import type { InteriorInterface } from '../../../part.ts'

/** OSPFv3 takes up interfaces with a link-local address, which `lo` has not: its address is named instead. */
export const ospfLines = (
  name: string,
  family: Family,
  interfaces: readonly InteriorInterface[],
  loopback: readonly string[],
): string[] =>
  interfaces.length === 0
    ? []
    : [
        '',
        `protocol ospf ${family === 4 ? 'v2' : 'v3'} ${name} {`,
        // A router that begins as if it restarted does not say what it is linked to before this time is over: then it has its
        // neighbours. What it says at once it could not change for five seconds.
        '  graceful restart yes;',
        '  graceful restart time 2;',
        `  ipv${family} { import all; export none; };`,
        '  area 0 {',
        ...interfaces.flatMap((each) =>
          each.interface === 'lo' && family === 6
            ? loopback.map((address) => `    stubnet ${address}/128;`)
            : `    interface "${each.interface}" { ${options(each)} };`,
        ),
        '  };',
        '}',
      ]

const options = ({ passive, shared, cost }: InteriorInterface): string =>
  passive
    ? 'stub yes;'
    : `type ${shared ? 'bcast' : 'ptp'}; cost ${cost}; hello 1; dead 4; wait 2; retransmit 2;`
