// The small pieces of every view: links that stay in the page, choices, panels, things to copy, what is said while nothing is there.

import { type ComponentProps, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Witness } from '../../src/server/api/values.ts'
import type { Asked } from '../api.ts'
import { go } from '../location.ts'
import { Said } from '../text/said.tsx'
import { useText } from '../text/text.ts'

/** An ordinary link, followed without loading the page anew unless another tab or window is asked for. */
export function Link({ href, ...rest }: ComponentProps<'a'> & { readonly href: string }) {
  return (
    <a
      href={href}
      {...rest}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        go(href)
      }}
    />
  )
}

interface Choices<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly (readonly [T, string])[]
  readonly onChange: (value: T) => void
}

export function Choice<T extends string>({ label, value, options, onChange }: Choices<T>) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => onChange(target.value as T)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Few choices, all in sight. */
export function Switch<T extends string>({ label, value, options, onChange }: Choices<T>) {
  return (
    <span className="field" role="group" aria-label={label}>
      <span aria-hidden="true">{label}</span>
      <span className="group">
        {options.map(([key, text]) => (
          <button key={key} type="button" aria-pressed={key === value} onClick={() => onChange(key)}>
            {text}
          </button>
        ))}
      </span>
    </span>
  )
}

export function Panel({
  title,
  note,
  tools,
  bare = false,
  children,
}: {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly tools?: ReactNode
  /** Content to the edges. */
  readonly bare?: boolean
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <p>{note}</p>}
        {tools !== undefined && <span className="bar push">{tools}</span>}
      </header>
      {bare ? <Scroll>{children}</Scroll> : <div className="body">{children}</div>}
    </section>
  )
}

/** What may be wider than its place, and then is moved by keys as well. */
export function Scroll({
  className = '',
  children,
}: {
  readonly className?: string
  readonly children: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const [isOver, setOver] = useState(false)
  useLayoutEffect(() => {
    const { current } = box
    if (!current) return undefined
    const look = (): void =>
      setOver(current.scrollWidth > current.clientWidth || current.scrollHeight > current.clientHeight)
    // At once: the watcher tells only when the next picture is drawn.
    look()
    const watcher = new ResizeObserver(look)
    watcher.observe(current)
    for (const child of current.children) watcher.observe(child)
    return () => watcher.disconnect()
  }, [])
  return (
    <div ref={box} className={`scroll ${className}`} {...(isOver && { tabIndex: 0 })}>
      {children}
    </div>
  )
}

export function Copy({ text }: { readonly text: string }) {
  const t = useText()
  const [done, setDone] = useState(false)
  return (
    <button
      type="button"
      aria-label={`${t.copy}: ${text}`}
      onClick={() => {
        navigator.clipboard
          .writeText(text)
          .then(() => setDone(true))
          .catch(() => setDone(false))
        setTimeout(() => setDone(false), 2000)
      }}
    >
      <span aria-live="polite">{done ? t.copied : t.copy}</span>
    </button>
  )
}

export function Command({ children, label }: { readonly children: string; readonly label?: ReactNode }) {
  return (
    <div>
      {label !== undefined && <div className="soft">{label}</div>}
      <div className="command">
        <code>{children}</code>
        <Copy text={children} />
      </div>
    </div>
  )
}

/** What stands under a view: the command that prints the same. */
export function SameCommand({ children }: { readonly children: string }) {
  return <Command label={useText().command}>{children}</Command>
}

/** The answer as a view of it; until there is one, what is the matter. */
export function Answered<T>({
  asked,
  children,
}: {
  readonly asked: Asked<T>
  readonly children: (data: T) => ReactNode
}) {
  const t = useText()
  const { data, problem, loading, again } = asked
  return (
    <>
      {problem && (
        <div className="note bad" role="alert">
          <p>
            <strong>{t.failed}.</strong> <Said>{problem.error}</Said>
          </p>
          {problem.remedy !== undefined && (
            <p>
              <Said>{problem.remedy}</Said>
            </p>
          )}
          <p>
            <button type="button" onClick={again}>
              {t.again}
            </button>
          </p>
        </div>
      )}
      {data === undefined ? (
        loading && (
          <p className="soft" role="status">
            {t.loading}
          </p>
        )
      ) : (
        <div className="answer" aria-busy={loading}>
          {children(data)}
        </div>
      )}
    </>
  )
}

/** In the order of the way. */
export const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const satisfies readonly Witness[]

export const colourOf = (witness: Witness): string => `var(--${witness})`

export function Stage({ of }: { readonly of: Witness }) {
  const t = useText()
  return (
    <span title={t.stageMeaning[of]}>
      <span className="swatch" style={{ '--swatch': colourOf(of) } as object} />
      {t.stages[of]}
    </span>
  )
}

interface Judgement {
  readonly pass?: boolean | undefined
  readonly findings?: number | undefined
}

/** Without a verdict `pass` is undefined. With findings a run may be as expected, and without any it may not be. */
export function Verdict({ pass, findings }: Judgement) {
  const t = useText()
  if (pass === undefined) return <span className="badge">{t.runs.unjudged}</span>
  if (pass) return <span className="badge right">✔ {findings ? t.runs.allowed : t.runs.holds}</span>
  return <span className="badge wrong">✘ {findings ? t.runs.fails : t.runs.unexpected}</span>
}

export const Key = ({ rank, others = false }: { readonly rank: number; readonly others?: boolean }) => (
  <span className="swatch" style={{ '--swatch': keyColour(rank, others) } as object} />
)

/** The colour of a chart's n-th key. */
export const keyColour = (rank: number, others = false): string =>
  others ? 'var(--key-others)' : `var(--key-${rank % 9})`
