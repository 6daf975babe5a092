// A live lab as its server-sent events tell it. The browser connects again by itself, and says which event it had last.

import { useEffect, useState } from 'react'
import type { LiveData, LiveEventName } from '../src/server/api/live.ts'
import { address } from './api.ts'

export interface Live {
  readonly state?: LiveData<'state'>
  readonly rates?: LiveData<'rates'>
  readonly timeline: readonly LiveData<'timeline'>[]
  readonly ended: boolean
  /** Grows when the verdict was reached or the lab has ended: what was asked before is stale. */
  readonly turns: number
}

const nothing: Live = { timeline: [], ended: false, turns: 0 }

/** How each event changes what is known. */
const changes: { readonly [Name in LiveEventName]?: (live: Live, data: LiveData<Name>) => Live } = {
  state: (live, state) => ({ ...live, state }),
  rates: (live, rates) => ({ ...live, rates }),
  timeline: (live, entry) => ({ ...live, timeline: [...live.timeline, entry] }),
  verdict: (live) => ({ ...live, turns: live.turns + 1 }),
  end: (live) => ({ ...live, ended: true, turns: live.turns + 1 }),
}

export function useLive(run: string, isLive: boolean): Live {
  const [live, setLive] = useState(nothing)
  useEffect(() => {
    setLive(nothing)
    if (!isLive) return undefined
    const source = new EventSource(address('/api/runs/:run/live', { run }))
    for (const [name, change] of Object.entries(changes))
      source.addEventListener(name, ({ data }: MessageEvent<string>) =>
        setLive((before) => (change as (live: Live, data: unknown) => Live)(before, JSON.parse(data))),
      )
    source.addEventListener('end', () => source.close())
    return () => source.close()
  }, [run, isLive])
  return live
}

/** Counts up while a lab lives, so that what is shown is asked for again; ms. */
export function useBeat(isLive: boolean, interval = 2000): number {
  const [beat, setBeat] = useState(0)
  useEffect(() => {
    if (!isLive) return undefined
    const timer = setInterval(() => !document.hidden && setBeat((count) => count + 1), interval)
    return () => clearInterval(timer)
  }, [isLive, interval])
  return beat
}
