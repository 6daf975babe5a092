// Questions to the server, as its table of endpoints types them. The answer to the question before stays on the page until the next one
// is there, so that nothing flickers.

import { useEffect, useRef, useState } from 'react'
import type { Answer, Path, QueryTexts, StreamPath } from '../src/server/api/endpoints.ts'
import type { Problem } from '../src/server/api/values.ts'
import { withQuery } from './location.ts'

type Texts<P extends Path | StreamPath> = { readonly [Key in keyof QueryTexts<P>]?: string | undefined }

/** The address with its parameters put in, `undefined` and empty ones of the query left out. */
export function address<P extends Path | StreamPath>(
  path: P,
  params: Readonly<Record<string, string>> = {},
  query: Texts<P> = {},
): string {
  const filled = path.replaceAll(/:([a-z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  return withQuery(filled, query)
}

export class ApiError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.error)
    this.problem = problem
  }
}

async function fetched(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } })
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) return body
  throw new ApiError((body as Problem | undefined) ?? { error: `${response.status} ${response.statusText}` })
}

/** Questions that will be asked for certain, asked while the scripts that do so are still on their way. */
const early = new Map<string, Promise<unknown>>()

export function askAhead(path: Path, params: Readonly<Record<string, string>>): Promise<unknown> {
  const url = address(path, params)
  const asking = fetched(url, new AbortController().signal)
  early.set(url, asking)
  // Told where it is asked again.
  return asking.catch(() => early.delete(url))
}

function answered(url: string, signal: AbortSignal): Promise<unknown> {
  const asking = early.get(url)
  early.delete(url)
  return asking ?? fetched(url, signal)
}

export interface Asked<T> {
  readonly data?: T
  readonly problem?: Problem
  readonly loading: boolean
  readonly again: () => void
}

interface Options {
  /** Nothing is asked yet. */
  readonly wait?: boolean
  /** Asked again whenever this changes, in silence. */
  readonly refresh?: unknown
}

export function useApi<P extends Path>(
  path: P,
  params: Readonly<Record<string, string>> = {},
  query: Texts<P> = {},
  { wait = false, refresh }: Options = {},
): Asked<Answer<P>> {
  const url = wait ? undefined : address(path, params, query)
  const [answer, setAnswer] = useState<{ url?: string; path: string; data?: Answer<P>; problem?: Problem }>({
    path,
  })
  const [times, setTimes] = useState(0)
  const running = useRef<AbortController>(null)

  useEffect(() => {
    if (url === undefined) return undefined
    running.current?.abort()
    const asking = new AbortController()
    running.current = asking
    answered(url, asking.signal)
      .then((data) => !asking.signal.aborted && setAnswer({ url, path, data: data as Answer<P> }))
      .catch((error: unknown) => {
        if (asking.signal.aborted) return
        const problem = error instanceof ApiError ? error.problem : { error: String(error) }
        setAnswer({ url, path, problem })
      })
    return () => asking.abort()
  }, [url, path, times, refresh])

  return {
    ...(answer.data !== undefined && { data: answer.data }),
    ...(answer.problem && answer.url === url && { problem: answer.problem }),
    loading: url !== undefined && answer.url !== url,
    again: () => setTimes((count) => count + 1),
  }
}
