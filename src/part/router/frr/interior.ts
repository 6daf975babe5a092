// The routing protocol inside an AS: OSPFv2 and OSPFv3, a daemon and a configuration each, or IS-IS for both families. With
// their own timers they would take tens of seconds to find each other. Source: FRR's user guide, "OSPFv2", "OSPFv3", "ISIS".

import type { Interior, InteriorInterface, RouterIntent } from '../../../part.ts'

/** Configurations by daemon: of those only that have something to do. */
export function interiors({ routerId, interior }: RouterIntent): Record<string, string[]> {
  const daemons = interior.protocol === 'isis' ? [isis] : [ospf, ospf6]
  return Object.assign({}, ...daemons.map((daemon) => daemon(routerId, interior))) as Record<string, string[]>
}

const block = (head: string, lines: readonly string[]): string[] => [
  head,
  ...lines.map((line) => ` ${line}`),
  'exit',
  '!',
]

function ospf(routerId: string, { interfaces }: Interior): Record<string, string[]> {
  const own = interfaces.filter(({ family }) => family === 4)
  if (own.length === 0) return {}
  return {
    ospfd: [
      ...own.flatMap((each) => [...block(`interface ${each.interface}`, ospfInterface('ip ospf', each))]),
      ...block('router ospf', [
        `ospf router-id ${routerId}`,
        'timers throttle spf 10 50 1000',
        'timers throttle lsa all 0',
        'timers lsa min-arrival 0',
      ]),
    ],
  }
}

function ospf6(routerId: string, { interfaces }: Interior): Record<string, string[]> {
  const own = interfaces.filter(({ family }) => family === 6)
  if (own.length === 0) return {}
  return {
    ospf6d: [
      ...own.flatMap((each) => [...block(`interface ${each.interface}`, ospfInterface('ipv6 ospf6', each))]),
      ...block('router ospf6', [
        `ospf6 router-id ${routerId}`,
        'timers throttle spf 10 50 1000',
        'timers lsa min-arrival 0',
      ]),
    ],
  }
}

/**
 * On a shared segment a designated router is elected once the dead interval has passed. What BIRD passed over, since it came within a
 * second of the last, it is soon sent again.
 */
const ospfInterface = (word: string, { passive, shared, cost }: InteriorInterface): string[] => [
  `${word} area 0`,
  ...(passive
    ? [`${word} passive`]
    : [
        `${word} network ${shared ? 'broadcast' : 'point-to-point'}`,
        `${word} hello-interval 1`,
        `${word} dead-interval 4`,
        `${word} retransmit-interval 1`,
        `${word} cost ${cost}`,
      ]),
]

/** One instance for both families; level 2 alone, in one area. */
function isis(routerId: string, { interfaces }: Interior): Record<string, string[]> {
  const names = [...new Set(interfaces.map((each) => each.interface))]
  if (names.length === 0) return {}
  return {
    isisd: [
      ...names.flatMap((name) => {
        const own = interfaces.filter((each) => each.interface === name)
        return block(`interface ${name}`, [
          ...own.map(({ family }) => `${family === 4 ? 'ip' : 'ipv6'} router isis ${area}`),
          ...own.slice(0, 1).flatMap(isisInterface),
        ])
      }),
      ...block(`router isis ${area}`, [
        'is-type level-2-only',
        'metric-style wide',
        'lsp-gen-interval 1',
        `net 49.0001.${systemId(routerId)}.00`,
        'spf-delay-ietf init-delay 10 short-delay 50 long-delay 500 holddown 1000 time-to-learn 500',
      ]),
    ],
  }
}

const area = 'flowlab'

const isisInterface = ({ passive, shared, cost }: InteriorInterface): string[] =>
  passive
    ? ['isis passive']
    : [
        ...(shared ? [] : ['isis network point-to-point']),
        'isis hello-interval 1',
        'isis hello-multiplier 4',
        `isis metric ${cost}`,
      ]

/** An address of IPv4 as twelve digits: 10.255.0.1 is 0102.5500.0001. */
const systemId = (routerId: string): string =>
  routerId
    .split('.')
    .map((octet) => octet.padStart(3, '0'))
    .join('')
    .replaceAll(/(?<=^\d{4}|^\d{8})/g, '.')
