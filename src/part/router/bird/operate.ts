// What an operator does to a running BIRD: birdc for its sessions; for its policy another bird.conf, which it reads without losing
// its sessions. Source: BIRD 2's user guide, "Remote control" and "Reconfiguration".

import { familyOf } from '../../../kernel/address.ts'
import type { Ask, PolicyChange } from '../../../part.ts'
import type { Session } from '../../../plan/plan.ts'

const file = '/etc/bird/bird.conf'

export async function session(ask: Ask, { peer }: Session, act: 'reset' | 'down' | 'up'): Promise<void> {
  const name = protocolOf(await ask('birdc', 'show protocols all'), peer)
  await ask('birdc', `${{ reset: 'restart', down: 'disable', up: 'enable' }[act]} ${name}`)
}

/** The protocol that speaks with a peer. Throws where none does. */
export function protocolOf(text: string, peer: string): string {
  const block = text.split(/\n(?=\S)/).find((each) => /^\s+Neighbor address: (\S+)/m.exec(each)?.[1] === peer)
  const name = block === undefined ? undefined : /^(\S+)/.exec(block)?.[1]
  if (name === undefined) throw new Error(`bird has no session with ${peer}`)
  return name
}

export async function policy(ask: Ask, change: PolicyChange): Promise<() => Promise<void>> {
  const former = await ask('cat', file)
  await configure(ask, changed(former, change))
  return () => configure(ask, former)
}

async function configure(ask: Ask, text: string): Promise<void> {
  await ask('bash', '-c', `printf %s "$1" >${file}`, 'bash', text)
  const said = await ask('birdc', 'configure soft')
  if (!/Reconfigur(?:ed|ation in progress)/.test(said)) throw new Error(`birdc configure: ${said.trim()}`)
  // `soft` leaves routes alone that came by the former filters.
  await ask('birdc', 'reload all')
}

/** Another configuration. Throws where it is not such as config.ts writes. */
export function changed(text: string, { as, policy: wanted, sessions }: PolicyChange): string {
  const replace = (from: string, pattern: RegExp, to: string): string => {
    if (!pattern.test(from)) throw new Error(`${file} has nothing for ${wanted.do}: no ${pattern.source}`)
    return from.replace(pattern, to)
  }
  const literal = (word: string): string => word.replaceAll(/[./]/g, String.raw`\$&`)
  if (wanted.do === 'withdraw')
    return replace(text, new RegExp(String.raw`^  route ${literal(wanted.prefix)} .*\n`, 'm'), '')
  if (wanted.do === 'announce')
    return replace(
      text,
      new RegExp(String.raw`^protocol static \S+ \{\n {2}ipv${familyOf(wanted.prefix)};\n`, 'm'),
      `$&  route ${wanted.prefix} blackhole;\n`,
    )
  const blocks = text.split(/^(?=protocol )/m)
  return blocks
    .map((block) => {
      if (
        !sessions.some(({ peer }) => new RegExp(String.raw`^  neighbor ${literal(peer)} `, 'm').test(block))
      )
        return block
      if (wanted.do === 'local-preference')
        return replace(
          block,
          /^ {4}import (?:all;|filter \{ (.*)accept; \};)/m,
          `    import filter { $1bgp_local_pref = ${wanted.value}; accept; };`,
        )
      const prepends = Array.from({ length: wanted.times }, () => ` bgp_path.prepend(${as});`).join('')
      return /^ {4}export where /m.test(block)
        ? replace(
            block,
            /^ {4}export where (.*);/m,
            `    export filter { if !($1) then reject;${prepends} accept; };`,
          )
        : replace(block, /^( {4}export filter \{ .*;) accept; \};/m, `$1${prepends} accept; };`)
    })
    .join('')
}
