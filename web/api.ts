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
    fetched(url, asking.signal)
      .then((data) => setAnswer({ url, path, data: data as Answer<P> }))
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
