// The address bar as the page's state: a view is its path, what is chosen in it its query. Nothing else keeps state that a
// reload or a link to a colleague would lose.

import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const tell = (): void => listeners.forEach((listener) => listener())

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname)

const useSearch = (): string => useSyncExternalStore(subscribe, () => window.location.search)

/** Goes to another view; `replace` where going back should not lead here again. */
export function go(to: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, '', to)
  else window.history.pushState(null, '', to)
  tell()
  if (!replace) window.scrollTo(0, 0)
}

export type Query = Readonly<Record<string, string>>

/** The view's query, and what sets keys of it; an empty value takes the key out. */
export function useQuery(): [Query, (changes: Query, options?: { push?: boolean }) => void] {
  const search = useSearch()
  const query = Object.fromEntries(new URLSearchParams(search))
  const set = useCallback((changes: Query, { push = false } = {}) => {
    const to = withQuery(window.location.pathname, {
      ...Object.fromEntries(new URLSearchParams(window.location.search)),
      ...changes,
    })
    if (push) window.history.pushState(null, '', to)
    else window.history.replaceState(null, '', to)
    tell()
  }, [])
  return [query, set]
}

/** Path with the values that are not empty, as its query. */
export function withQuery(
  path: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(values))
    if (value !== undefined && value !== '') query.set(key, String(value))
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

/** The page's views of a run, in the order of its tabs. */
export const views = ['map', 'time', 'paths', 'books', 'explore'] as const
export type View = (typeof views)[number]

/** What a path shows: a view of a run, a page of its own, or nothing that there is. */
export type Place = { readonly run: string; readonly view: View } | 'home' | 'charts' | 'nowhere'

export function placeOf(path: string): Place {
  if (path === '/') return 'home'
  if (path === '/charts') return 'charts'
  const [, run, view = 'books'] = /^\/runs\/([^/]+)(?:\/([a-z]+))?\/?$/.exec(path) ?? []
  return run !== undefined && views.includes(view as View)
    ? { run: decodeURIComponent(run), view: view as View }
    : 'nowhere'
}

export const pathOf = (run: string, view: View): string => `/runs/${encodeURIComponent(run)}/${view}`
