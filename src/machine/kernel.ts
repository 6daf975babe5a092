// What labs need of the kernel, as a table. Each is tried, not read off a version: with the very rulesets that a run loads where
// there are any, so that the two cannot drift apart. Pure; namespaces.ts makes the throw-away namespace for the trial.

import { bitsPerSecond, milliseconds } from '../kernel/units.ts'
import { forwarding, impairmentsOf, isDelayed, shaping } from '../plan/impairment.ts'
import { batch } from '../plan/bridge.ts'
import type { Plan } from '../plan/plan.ts'
import { closing } from '../truth/gate.ts'
import { ruleset } from '../truth/wire/ruleset.ts'
import type { Check, Remedy } from './check.ts'

interface Feature {
  readonly what: string
  readonly why: string
  /** A command for the shell, and its standard input. */
  readonly trial: readonly [command: string, input: string]
  readonly remedy: Remedy
  /** Most labs do without it. */
  readonly optional?: true
  /** Absent where every lab needs it. */
  readonly neededBy?: (plan: Plan) => boolean
}

/** The ends of the veth that the first trial makes and the others use. */
const ends = { node: '', interface: 'a' }

const features: readonly Feature[] = [
  {
    what: 'veth',
    why: 'links between nodes',
    trial: ['ip link add name a type veth peer name b', ''],
    remedy: { advice: 'the kernel needs its module veth (CONFIG_VETH): try `modprobe veth` as root' },
  },
  {
    what: 'nftables at egress',
    why: 'the gate of an observation point',
    trial: ['nft -f -', closing([ends], [{ source: '192.0.2.1', address: '192.0.2.2' }])],
    remedy: { advice: 'the kernel needs CONFIG_NETFILTER_EGRESS: Linux 5.16 or newer' },
  },
  {
    what: 'nftables sets of flows',
    why: "the kernel's own count of every flow at an observation point",
    trial: ['nft -f -', ruleset({ ...ends, name: 'a', mtu: 1500 }, 0)],
    remedy: {
      advice: 'the kernel needs CONFIG_NF_TABLES, _NETDEV and _INET, nft 1.0 or newer: Linux 5.16 or newer',
    },
  },
  {
    what: 'nftables fwd and numgen',
    why: 'links with loss',
    trial: ['nft -f -', forwarding({ every: 10 }) + forwarding({ random: 0.1 })],
    remedy: {
      advice: 'the kernel needs its modules nft_fwd_netdev and nft_numgen; labs without loss do not',
    },
    neededBy: ({ nodes }) => nodes.some(({ kind }) => kind === 'wire'),
  },
  {
    what: 'tbf',
    why: 'links with a rate',
    trial: ['tc -batch -', shaping({ rate: bitsPerSecond(1_000_000) }, 1500)],
    remedy: { advice: 'the kernel needs its module sch_tbf; labs without `rate` do not' },
    optional: true,
    neededBy: (plan) => impairmentsOf(plan).some((each) => each.rate !== undefined && !isDelayed(each)),
  },
  {
    what: 'netem',
    why: 'links with delay and jitter',
    trial: ['tc -batch -', shaping({ delay: milliseconds(1), jitter: milliseconds(1) }, 1500)],
    remedy: {
      advice:
        'the kernel needs its module sch_netem (Debian: in linux-image-amd64, not in its cloud variant); labs without `delay` do not',
    },
    optional: true,
    neededBy: (plan) => impairmentsOf(plan).some(isDelayed),
  },
  {
    what: 'bridge',
    why: 'nodes that are bridges',
    trial: ['ip -batch -', batch([{ name: 'b', mtu: 1500 }])],
    remedy: { advice: 'the kernel needs its module bridge (CONFIG_BRIDGE); labs without bridges do not' },
    neededBy: ({ nodes }) => nodes.some(({ kind }) => kind === 'bridge'),
  },
  {
    what: 'IPv6',
    why: 'labs with `family: ipv6` or `dual`',
    trial: ['echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad && ip address add 2001:db8::1/64 dev b', ''],
    remedy: {
      advice:
        'the kernel needs CONFIG_IPV6, and no ipv6.disable=1 on its command line; labs of IPv4 alone do not',
    },
    neededBy: ({ nodes }) => nodes.some(({ sysctls }) => 'net.ipv6.conf.all.accept_dad' in sysctls),
  },
]

/** All that labs can need; or only what this plan needs, of which nothing is optional. */
export const featuresFor = (plan?: Plan): readonly Feature[] =>
  plan
    ? features
        .filter(({ neededBy }) => !neededBy || neededBy(plan))
        .map((feature) => ({ ...feature, optional: false }))
    : features

/** Bash; each trial's code and what it said, on one line. */
export const trials = (tried: readonly Feature[]): string =>
  tried
    .flatMap(({ trial: [command, input] }, index) => [
      `said=$(${command} 2>&1 <<'INPUT'`,
      `${input}INPUT`,
      ')',
      String.raw`printf '%s %s %s\n' ${index} $? "${'${said//$'}'\n'/; }"`,
    ])
    .join('\n')

/** The shell's own codes: the program could not be started, was not found. */
const untried: readonly number[] = [126, 127]

/** What the trials said, line by line; without a line of its own a feature is unknown. */
export function parseTrials(tried: readonly Feature[], text: string): Check[] {
  const answers = new Map(
    text.split('\n').flatMap((line) => {
      const [, index, code, said = ''] = /^(\d+) (\d+) (.*)$/.exec(line) ?? []
      return index === undefined ? [] : [[Number(index), { code: Number(code), said }]]
    }),
  )
  return tried.map(({ what, why, trial: [command], remedy, optional }, index) => {
    const answer = answers.get(index)
    const state = !answer || untried.includes(answer.code) ? 'unknown' : answer.code === 0 ? 'ok' : 'missing'
    const refused = answer ? answer.said : 'not tried: no namespace to try it in'
    return {
      ...{ what, why, remedy, state },
      ...(optional ? { optional } : {}),
      found: state === 'ok' ? 'works' : refused || `${command} failed`,
    }
  })
}
