// AS by AS: what the wire carried from one to the other, and below it what the other witness says.

import type { Paths } from '../../../src/server/api/flows.ts'
import type { Sheet } from '../../chart/picture.ts'
import { Panel, Stage } from '../../parts/basics.tsx'
import { Downloads } from '../../parts/downloads.tsx'
import { useText } from '../../text/text.ts'
import { exact } from '../../units.ts'
import type { Shown, What } from './flow.tsx'

/** ASes that have a row and a column, those with most traffic; the file has all. */
const mostShown = 24

export function Matrix({
  paths: { matrix, left },
  what,
  beside,
  lab,
  isLive,
}: {
  readonly paths: Paths
  readonly what: What
  readonly beside: Shown
  readonly lab: string
  /** What is missing may still come. */
  readonly isLive: boolean
}) {
  const t = useText()
  const amounts = (witness: Shown): ReadonlyMap<string, number> =>
    new Map(matrix[witness].map((cell) => [`${cell.source} ${cell.destination}`, cell[what]]))
  const [wires, others] = [amounts('wire'), amounts(beside)]
  const amount = (of: ReadonlyMap<string, number>, source: string, destination: string): number =>
    of.get(`${source} ${destination}`) ?? 0
  const volumes = new Map<string, number>()
  for (const { source, destination, bytes } of [...matrix.wire, ...matrix[beside]])
    for (const as of [source, destination]) volumes.set(as, (volumes.get(as) ?? 0) + bytes)
  const present = matrix.systems.filter((as) => volumes.has(as))
  const shown = new Set(present.toSorted((a, b) => volumes.get(b)! - volumes.get(a)!).slice(0, mostShown))
  const systems = present.filter((as) => shown.has(as))
  const largest = Math.max(1, ...matrix.wire.map((cell) => cell[what]))
  const name = (as: string): string => (as === '?' ? t.paths.noAs : `AS ${as}`)
  const sheet = (): Sheet => ({
    columns: [t.paths.from, t.paths.to, t.stages.wire, t.stages[beside]],
    rows: [...new Set([...wires.keys(), ...others.keys()])].map((pair) => [
      ...pair.split(' '),
      wires.get(pair) ?? 0,
      others.get(pair) ?? 0,
    ]),
  })
  const isCut = systems.length < present.length || left.pairs > 0
  return (
    <Panel
      title={t.paths.matrix}
      note={
        <>
          {t.paths.matrixNote} <Stage of="wire" /> / <Stage of={beside} />, {t[what]}.{' '}
          {isCut && t.paths.cut(exact(systems.length), exact(left.pairs))}
        </>
      }
      tools={<Downloads name={`${lab}-matrix`} sheet={sheet} />}
      bare
    >
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">{`${t.paths.from} ↓ ${t.paths.to} →`}</th>
            {systems.map((as) => (
              <th key={as} scope="col" className="number">
                {name(as)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {systems.map((source) => (
            <tr key={source}>
              <th scope="row">{name(source)}</th>
              {systems.map((destination) => {
                const [wire, other] = [
                  amount(wires, source, destination),
                  amount(others, source, destination),
                ]
                if (wire === 0 && other === 0)
                  return (
                    <td key={destination} className="number soft">
                      ·
                    </td>
                  )
                const differs = wire !== other && !isLive
                return (
                  <td
                    key={destination}
                    className={differs ? 'number cell differs' : 'number cell'}
                    style={{ '--share': `${Math.round((wire / largest) * 40)}%` } as object}
                  >
                    <div>{exact(wire)}</div>
                    <div className={differs ? 'wrong-text' : 'soft'}>
                      {wire === other ? '=' : exact(other)}
                    </div>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
