// What widths, lines and signs of the map mean, with what is known of exports and sessions now.

import type { LabMap } from '../../../src/server/api/map.ts'
import { widthOf } from '../../chart/map/drawn.ts'
import type { Live } from '../../live.ts'
import { useText } from '../../text/text.ts'
import { exact, short } from '../../units.ts'

const samples = [1e4, 1e6, 1e8]
/** Ways of exports that are named one by one. */
const mostNamed = 3

interface Way {
  readonly name: string
  readonly text: string
  readonly probes: readonly string[]
}

/** Each probe's exports; of many probes those to one collector together. */
function waysOf({ probes }: LabMap, several: (count: string) => string): Way[] {
  const each = probes.flatMap(({ name, protocol, exports }) =>
    exports.map(({ collector }) => ({ name, to: `${collector}: ${protocol}` })),
  )
  if (each.length <= mostNamed)
    return each.map(({ name, to }) => ({ name: `${name} ${to}`, text: `${name} → ${to}`, probes: [name] }))
  return [...new Set(each.map(({ to }) => to))].map((to) => {
    const own = each.filter((way) => way.to === to).map(({ name }) => name)
    return { name: to, text: `${several(exact(own.length))} → ${to}`, probes: own }
  })
}

export function Legend({ map, live }: { readonly map: LabMap; readonly live: Live }) {
  const t = useText()
  const datagrams = (names: readonly string[]): number =>
    (live.state?.probes ?? [])
      .filter(({ name }) => names.includes(name))
      .reduce((sum, each) => sum + each.datagrams, 0)
  return (
    <ul className="legend map-legend">
      {samples.map((bits) => (
        <li key={bits}>
          <svg className="sample" viewBox="0 0 26 10" aria-hidden="true">
            <line className="carried" x1="0" x2="26" y1="5" y2="5" strokeWidth={widthOf(bits)} />
          </svg>
          {short(bits, 'bit/s')}
        </li>
      ))}
      {waysOf(map, t.map.several).map(({ name, text, probes }) => (
        <li key={name}>
          <svg className="sample" viewBox="0 0 26 10" aria-hidden="true">
            <line className="exports" x1="0" x2="26" y1="5" y2="5" />
          </svg>
          {text}
          {live.state && `, ${t.map.datagrams(exact(datagrams(probes)))}`}
        </li>
      ))}
      {live.state && (
        <li>
          {t.map.sessions}: {live.state.sessions.filter(({ established }) => established).length}/
          {live.state.sessions.length} {t.map.up}
        </li>
      )}
    </ul>
  )
}
