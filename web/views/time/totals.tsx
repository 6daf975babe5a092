// What each witness has of each key of a chart over the whole run; the chart's legend as well.

import type { Series } from '../../../src/server/api/flows.ts'
import type { Key as KeyName } from '../../../src/server/api/values.ts'
import { Key, Scroll, Stage, witnesses } from '../../parts/basics.tsx'
import { useText } from '../../text/text.ts'
import { exact } from '../../units.ts'

export function Totals({
  series,
  by,
  isLive,
}: {
  readonly series: Series
  readonly by: KeyName
  /** What is missing may still come. */
  readonly isLive: boolean
}) {
  const t = useText()
  const shown = witnesses.filter(
    (witness) => series.silent.includes(witness) || series.totals.some((total) => total[witness]),
  )
  const rows = series.totals.filter(
    (total) => total.key !== 'others' || witnesses.some((witness) => (total[witness]?.packets ?? 0) > 0),
  )
  return (
    <>
      <Scroll>
        <table className="totals">
          <caption className="hidden">{t.time.totals}</caption>
          <thead>
            <tr>
              <th rowSpan={2} scope="col">
                {t.keys[by]}
              </th>
              {shown.map((witness) => (
                <th key={witness} colSpan={2} scope="colgroup" className="number">
                  <Stage of={witness} />
                </th>
              ))}
            </tr>
            <tr>
              {shown.map((witness) => [
                <th key={`${witness}p`} className="number" scope="col">
                  {t.packets}
                </th>,
                <th key={`${witness}b`} className="number" scope="col">
                  {t.bytes}
                </th>,
              ])}
            </tr>
          </thead>
          <tbody>
            {rows.map((total, index) => (
              <tr key={total.key}>
                <th scope="row">
                  <Key rank={index} others={total.key === 'others'} />
                  {total.key === 'others' ? t.others : total.key === '?' ? t.unknown : total.key}
                </th>
                {shown.flatMap((witness) =>
                  (['packets', 'bytes'] as const).map((what) => (
                    <td
                      key={witness + what}
                      className={
                        !isLive && total.wire && total[witness] && total[witness][what] !== total.wire[what]
                          ? 'number wrong-text'
                          : 'number'
                      }
                    >
                      {total[witness] ? exact(total[witness][what]) : '–'}
                    </td>
                  )),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {series.silent.map((witness) => (
        <p key={witness} className="soft small">
          <Stage of={witness} />: {t.time.silent(t.keys[by])}
        </p>
      ))}
      {isLive && <p className="soft small">{t.time.soFar}</p>}
    </>
  )
}
