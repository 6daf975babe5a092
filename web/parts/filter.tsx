// The field for filter words, with what they may be, and where they are wrong.

import { useEffect, useId, useState } from 'react'
import type { Problem } from '../../src/server/api/values.ts'
import { useApi } from '../api.ts'
import { Said } from '../text/said.tsx'
import { useText } from '../text/text.ts'

export function FilterField({
  value,
  onApply,
  problem,
  wide = false,
}: {
  readonly value: string
  readonly onApply: (filter: string) => void
  readonly problem?: Problem | undefined
  readonly wide?: boolean
}) {
  const t = useText()
  const id = useId()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  return (
    <form
      className={wide ? 'filter wide' : 'filter'}
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        onApply(text.trim())
      }}
    >
      <label htmlFor={id}>{t.explore.filter}</label>
      <input
        id={id}
        type="search"
        className="mono"
        value={text}
        placeholder="proto udp and bytes > 1000"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        aria-invalid={problem?.at !== undefined}
        onChange={({ target }) => {
          setText(target.value)
          if (target.value === '') onApply('')
        }}
      />
      <button type="submit">{t.explore.apply}</button>
    </form>
  )
}

/** What a filter understands. */
export function FilterWords() {
  const t = useText()
  const [open, setOpen] = useState(false)
  const { data } = useApi('/api/words', {}, {}, { wait: !open })
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.explore.fields}</summary>
      <table>
        <tbody>
          {data?.fields.map(({ word, about, example }) => (
            <tr key={word}>
              <th scope="row" className="mono">
                {word}
              </th>
              <td>
                <Said>{about}</Said>
              </td>
              <td className="mono">{example}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
