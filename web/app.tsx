// The page's frame: where one is, the views of the run, light and dark, the language. Views are loaded when they are looked at.

import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useRef } from 'react'
import type { Overview } from '../src/server/api/runs.ts'
import { type Asked, askAhead, useApi } from './api.ts'
import { type Live, useLive } from './live.ts'
import { pathOf, placeOf, usePath, type View, views } from './location.ts'
import { Answered, Link, Verdict } from './parts/basics.tsx'
import { choose, languages, themes, useSettings } from './settings.ts'
import { dictionaries, useText } from './text/text.ts'
import { dateTime } from './units.ts'
import { Runs } from './views/runs.tsx'

/** What every view of a run gets. */
export interface RunView {
  readonly run: string
  readonly overview: Overview
  readonly live: Live
}

const scripts = {
  map: () => import('./views/map/map.tsx'),
  time: () => import('./views/time/time.tsx'),
  paths: () => import('./views/paths/paths.tsx'),
  books: () => import('./views/books/books.tsx'),
  explore: () => import('./views/explore.tsx'),
} satisfies Readonly<Record<View, () => Promise<{ default: ComponentType<RunView> }>>>

const shown = Object.fromEntries(
  Object.entries(scripts).map(([view, load]) => [view, lazy(load)]),
) as unknown as Readonly<Record<View, ComponentType<RunView>>>

/** The first view's script and answers are on their way before anything is drawn. */
const begun = placeOf(window.location.pathname)
if (typeof begun === 'object') {
  const { run, view } = begun
  void scripts[view]()
  void askAhead('/api/runs/:run', { run }).then(
    () => (view === 'map' || view === 'books') && askAhead(`/api/runs/:run/${view}`, { run }),
  )
}

export function App() {
  const t = useText()
  const place = placeOf(usePath())
  if (typeof place === 'object') return <Run key={place.run} run={place.run} view={place.view} />
  return (
    <Frame
      title={place === 'charts' ? t.charts.title : t.runs.title}
      tabs={(['/', '/charts'] as const).map((path) => (
        <Link
          key={path}
          href={path}
          aria-current={path === (place === 'charts' ? '/charts' : '/') ? 'page' : undefined}
        >
          {path === '/' ? t.runs.title : t.charts.title}
        </Link>
      ))}
    >
      <Suspense fallback={<p role="status">{t.loading}</p>}>
        {place === 'home' ? <Runs /> : place === 'charts' ? <Charts /> : <p className="note">{t.nowhere}</p>}
      </Suspense>
    </Frame>
  )
}

const Charts = lazy(() => import('./views/charts/charts.tsx'))

function Run({ run, view }: { readonly run: string; readonly view: View }) {
  const t = useText()
  const first = useApi('/api/runs/:run', { run })
  const live = useLive(run, first.data?.live ?? false)
  const later = useApi('/api/runs/:run', { run }, {}, { wait: live.turns === 0, refresh: live.turns })
  const asked: Asked<Overview> = later.data ? later : first
  const Shown = shown[view]
  return (
    <Frame
      title={`${asked.data?.lab ?? run}: ${t.views[view]}`}
      where={asked.data && <Where overview={asked.data} ended={live.ended} />}
      tabs={views.map((each) => (
        <Link key={each} href={pathOf(run, each)} aria-current={each === view ? 'page' : undefined}>
          {t.views[each]}
        </Link>
      ))}
    >
      <Answered asked={asked}>
        {(overview) => (
          <Suspense fallback={<p role="status">{t.loading}</p>}>
            <Shown run={run} overview={overview} live={live} />
          </Suspense>
        )}
      </Answered>
    </Frame>
  )
}

function Where({ overview, ended }: { readonly overview: Overview; readonly ended: boolean }) {
  const t = useText()
  return (
    <span className="where">
      <strong>{overview.lab}</strong>
      <span className="soft">{dateTime(overview.begun)}</span>
      {overview.live && !ended ? (
        <span className="badge live">{t.runs.running}</span>
      ) : (
        <Verdict {...overview} />
      )}
    </span>
  )
}

/** Whether a frame was there before: the first one leaves the focus where the browser has it. */
let isFollowed = false

function Frame({
  title,
  where,
  tabs,
  children,
}: {
  readonly title: string
  readonly where?: ReactNode
  readonly tabs?: ReactNode
  readonly children: ReactNode
}) {
  const t = useText()
  const { theme, language } = useSettings()
  const content = useRef<HTMLElement>(null)
  useEffect(() => {
    document.title = `${title} · flowlab`
  }, [title])
  useEffect(() => {
    // What had the focus went with the view before: the keyboard goes on here.
    if (isFollowed && document.activeElement === document.body)
      content.current?.focus({ preventScroll: true })
    isFollowed = true
  }, [])
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <header className="top">
        <Link className="brand" href="/">
          flowlab
        </Link>
        {where}
        {tabs !== undefined && (
          <nav className="tabs" aria-label={title}>
            {tabs}
          </nav>
        )}
        <span className="settings push">
          <select
            aria-label={t.theme}
            value={theme}
            onChange={({ target }) => choose({ theme: target.value as typeof theme })}
          >
            {themes.map((each) => (
              <option key={each} value={each}>
                {t.themes[each]}
              </option>
            ))}
          </select>
          <select
            aria-label={t.language}
            value={language}
            onChange={({ target }) => choose({ language: target.value as typeof language })}
          >
            {languages.map((each) => (
              <option key={each} value={each} lang={each}>
                {dictionaries[each].name}
              </option>
            ))}
          </select>
        </span>
      </header>
      <main ref={content} id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}
