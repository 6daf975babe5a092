// What an operator does to a running FRR through vtysh: to sessions, and to the policy. Source: FRR's user guide, BGP.

import { familyOf } from '../../../kernel/address.ts'
import type { Ask, PolicyChange } from '../../../part.ts'
import type { Session } from '../../../plan/plan.ts'
import { blackhole } from './config.ts'

/** Each line as if it were typed. Throws where vtysh refuses one. */
const type = async (ask: Ask, lines: readonly string[]): Promise<void> => {
  const said = await ask('vtysh', ...lines.flatMap((line) => ['-c', line]))
  const refused = /^% .*/m.exec(said)?.[0]
  if (refused !== undefined) throw new Error(`vtysh: ${refused}`)
}

export async function session(
  ask: Ask,
  { peer, localAs }: Session,
  act: 'reset' | 'down' | 'up',
): Promise<void> {
  if (act === 'reset') return type(ask, [`clear bgp ${peer}`])
  const not = act === 'up' ? 'no ' : ''
  return type(ask, ['configure terminal', `router bgp ${localAs}`, `${not}neighbor ${peer} shutdown`])
}

export async function policy(ask: Ask, change: PolicyChange): Promise<() => Promise<void>> {
  const { as, policy: wanted } = change
  if (wanted.do === 'withdraw' || wanted.do === 'announce') {
    const set = (isThere: boolean) => () =>
      type(ask, [
        'configure terminal',
        // A network statement needs its route.
        ...(wanted.do === 'announce' ? [`${isThere ? '' : 'no '}${blackhole(wanted.prefix)}`] : []),
        `router bgp ${as}`,
        `address-family ipv${familyOf(wanted.prefix)} unicast`,
        `${isThere ? '' : 'no '}network ${wanted.prefix}`,
      ])
    await set(wanted.do === 'announce')()
    return set(wanted.do !== 'announce')
  }
  const [way, setting] =
    wanted.do === 'prepend'
      ? (['out', `set as-path prepend ${Array.from({ length: wanted.times }, () => as).join(' ')}`] as const)
      : (['in', `set local-preference ${wanted.value}`] as const)
  const configured = await ask('vtysh', '-c', 'show running-config')
  const undoing: string[] = []
  for (const { peer } of change.sessions) {
    const name = `event-${wanted.do}-${peer}`
    const former = new RegExp(
      String.raw`^ *neighbor ${peer.replaceAll('.', String.raw`\.`)} route-map (\S+) ${way}$`,
      'm',
    ).exec(configured)?.[1]
    const attached = (map: string): string[] => [
      `router bgp ${as}`,
      `address-family ipv${familyOf(peer)} unicast`,
      map,
      'exit',
      'exit',
    ]
    await type(ask, [
      'configure terminal',
      // What the neighbour's own map says goes before.
      `route-map ${name} permit 10`,
      ...(former === undefined ? [] : [`call ${former}`]),
      setting,
      'exit',
      ...attached(`neighbor ${peer} route-map ${name} ${way}`),
      'end',
      `clear bgp ${peer} soft ${way}`,
    ])
    undoing.push(
      ...attached(
        former === undefined
          ? `no neighbor ${peer} route-map ${name} ${way}`
          : `neighbor ${peer} route-map ${former} ${way}`,
      ),
      `no route-map ${name}`,
    )
  }
  const clearing = change.sessions.map(({ peer }) => `clear bgp ${peer} soft ${way}`)
  return () => type(ask, ['configure terminal', ...undoing, 'end', ...clearing])
}
