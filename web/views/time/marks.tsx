// Events as a list: the marks of a chart, for those who read.

import type { Series } from '../../../src/server/api/flows.ts'
import { Said } from '../../text/said.tsx'
import { useText } from '../../text/text.ts'
import { clockWith } from '../../chart/plot.tsx'

export function Marks({ marks }: Pick<Series, 'marks'>) {
  const t = useText()
  if (marks.length === 0) return null
  return (
    <details className="marks">
      <summary>
        {t.time.events} <span className="soft">{marks.length}</span>
      </summary>
      <ol>
        {marks.map(({ at, text }, index) => (
          <li key={index}>
            <span className="mono soft">{clockWith(at, 1)}</span> <Said>{text}</Said>
          </li>
        ))}
      </ol>
    </details>
  )
}
