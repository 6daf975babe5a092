// The head of a table: columns of texts, and behind them columns of numbers.

import type { ReactNode } from 'react'

export function Head({
  texts,
  numbers = [],
}: {
  readonly texts: readonly ReactNode[]
  readonly numbers?: readonly ReactNode[]
}) {
  return (
    <thead>
      <tr>
        {[...texts, ...numbers].map((text, column) => (
          <th key={column} scope="col" className={column < texts.length ? '' : 'number'}>
            {text}
          </th>
        ))}
      </tr>
    </thead>
  )
}
