// The loop of `top` on a terminal: asks its source at each interval, listens to keys, draws.

import { setTimeout as sleep } from 'node:timers/promises'
import { FilterError } from '../query/filter.ts'
import { PatienceError } from '../store.ts'
import type { Glyphs } from './amounts.ts'
import { frame, pageOf } from './frame.ts'
import type { Shown } from './frame/shown.ts'
import type { Look } from './look.ts'
import { openScreen } from './screen.ts'
import type { Source } from './source.ts'
import { act, type Pressed, type View } from './view.ts'

export interface Ways {
  /** From one look to the next, in ms; longer where a look takes long. */
  readonly interval: number
  readonly hasColour: boolean
  readonly glyphs: Glyphs
  /** What a live lab is when it has ended; undefined where nothing is left of it. */
  readonly after: () => Promise<Source | undefined>
}

const mostRows = 500

/** Comes back when the user has had enough, or `ending` says so. */
export async function show(first: Source, begun: View, ways: Ways, ending: AbortSignal): Promise<void> {
  let source = first
  let view = begun
  let look: Look | undefined
  let error: string | undefined
  /** The question that `look` answers. */
  let asked = ''
  const over = ender(ending)
  const wakers = new Set<() => void>()

  const shown = (): Shown => ({
    ...{ lab: source.lab, points: source.points, isLive: source.isLive, elapsed: source.elapsed() },
    ...{ view, news: source.news(), glyphs: ways.glyphs },
    ...(look ? { look } : {}),
    ...(error === undefined ? {} : { error }),
  })
  const draw = (): void => screen.draw(frame(shown(), screen.size()))
  /** Rows are asked for by the page. */
  const question = () => {
    const page = pageOf(shown(), screen.size())
    const rows = Math.min(mostRows, page * (Math.floor(view.cursor / page) + 1))
    const { by, order, reverse, unit, filter } = view
    return { by, order, reverse, unit, filter, rows }
  }

  function pressed(key: Pressed): void {
    const pointed = look?.rows[view.cursor]?.key
    const next = act(view, key, {
      total: Math.min(look?.total ?? 0, mostRows),
      page: pageOf(shown(), screen.size()),
      ...(pointed === undefined ? {} : { key: pointed }),
    })
    if (next === 'quit') over.end()
    else if (next === 'suspend') screen.suspend()
    else if (next === 'redraw') screen.forget()
    else view = next
    changed()
  }

  function changed(): void {
    draw()
    for (const wake of wakers) wake()
  }

  const screen = openScreen({ pressed, resized: () => changed() }, ways.hasColour)

  async function ask(): Promise<void> {
    const wanted = question()
    asked = stateOf(wanted)
    try {
      look = await source.look(wanted)
      error = undefined
    } catch (wrong) {
      if (!(wrong instanceof FilterError || wrong instanceof PatienceError)) throw wrong
      error = wrong.message
    }
  }

  /** By what it is told that there is more to do than to wait. */
  const stateOf = (wanted: ReturnType<typeof question>): string => JSON.stringify([wanted, view.isPaused])

  /** Until the time is over, something else is asked, or it is to end. */
  async function waited(ms: number): Promise<void> {
    const woken = new AbortController()
    const wake = (): void => {
      if (stateOf(question()) !== asked) woken.abort()
    }
    wakers.add(wake)
    wake()
    await sleep(ms, undefined, { signal: AbortSignal.any([woken.signal, over.signal]) }).catch(() => {})
    wakers.delete(wake)
  }

  async function follow(): Promise<void> {
    while (!over.signal.aborted && source.isLive && !source.ended()) {
      await source.more(over.signal)
      if (!view.isPaused) draw()
    }
  }

  async function watch(): Promise<void> {
    let following = follow()
    for (let due = 0; !over.signal.aborted; ) {
      const begin = performance.now()
      const next = source.ended() ? await ways.after() : undefined
      if (next) {
        await following
        await source.close()
        source = next
        following = follow()
        due = 0
      }
      if (begin >= due && !view.isPaused) {
        await source.refresh()
        // What takes long is done less often: looking must not be felt in the lab.
        due = begin + Math.max(ways.interval, 3 * (performance.now() - begin))
      }
      await ask()
      draw()
      await waited(view.isPaused ? forEver : Math.max(20, due - performance.now()))
    }
    await following
  }

  draw()
  const watching = watch()
  try {
    await Promise.race([watching, over.ended])
  } finally {
    // The terminal is given back at once; what is being asked is waited for.
    screen.close()
    over.end()
    await watching.catch(() => {})
    await source.close()
  }
}

/** In ms. */
const forEver = 2 ** 31 - 1

/** What ends once, whoever says so. */
function ender(also: AbortSignal) {
  const over = new AbortController()
  const { signal } = over
  const end = (): void => over.abort()
  also.addEventListener('abort', end)
  const ended = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  if (also.aborted) end()
  return { signal, end, ended }
}
