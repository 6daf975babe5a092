// What each witness has of each key of a chart over the whole run; the chart's legend as well.

import type { Series } from '../../src/server/api/flows.ts'
import type { Key as KeyName } from '../../src/server/api/values.ts'
import { Key, Scroll, Stage, witnesses } from '../parts/basics.tsx'
import { useText } from '../text/text.ts'
import { exact } from '../units.ts'

export function Totals({ series, by }: { readonly series: Series; readonly by: KeyName }) {
  const t = useText()
  const collected = series.totals.some((total) => total.collected)
  const shown = witnesses.filter((witness) => witness !== 'collected' || collected)
  return (
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
          {series.totals.map((total, index) =>
            total.key === 'others' && total.wire.packets + total.exported.packets === 0 ? null : (
              <tr key={total.key}>
                <th scope="row">
                  <Key rank={index} others={total.key === 'others'} />
                  {total.key === 'others' ? t.others : total.key}
                </th>
                {shown.flatMap((witness) =>
                  (['packets', 'bytes'] as const).map((what) => (
                    <td key={witness + what} className={wrongness(total.wire[what], total[witness]?.[what])}>
                      {total[witness] ? exact(total[witness][what]) : '–'}
                    </td>
                  )),
                )}
              </tr>
            ),
          )}
        </tbody>
      </table>
    </Scroll>
  )
}

const wrongness = (wire: number, value: number | undefined): string =>
  value !== undefined && value !== wire ? 'number wrong-text' : 'number'
