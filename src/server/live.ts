// Server-sent events (WHATWG HTML, section 9.2) of live labs: one sampler a lab for all clients. A client that comes back says the
// last event that it had and is told what it missed; one that reads too slowly is told the latest instead of everything.

import { type Sampler, watchLab } from '../live/sampler.ts'
import type { Plan } from '../plan/plan.ts'
import { timeline } from '../run/timeline.ts'
import type { LiveEvent } from './api/live.ts'
import { planOf } from './answers/plan.ts'
import { absent, Refusal } from './refusal.ts'
import type { Run, Runs } from './runs.ts'

export interface Live {
  /** The events as a stream of text. Throws Refusal where too many look already. */
  readonly stream: (run: Run, lastId: string | undefined, signal: AbortSignal) => Promise<ReadableStream>
  readonly close: () => void
}

const mostClients = 100
/** A comment is sent after so long a silence, in ms, so that proxies and clients know that the connection lives. */
const heartbeat = 10_000
/** A sampler outlives its last client for so long, in ms: a page that is loaded again finds it. */
const afterglow = 5_000
/** What the client waits before it comes back, in ms. */
const retry = 1_000

interface Watched {
  readonly sampler: Sampler
  clients: number
  timer?: NodeJS.Timeout
}

export function createLive(runs: Runs): Live {
  const watched = new Map<string, Promise<Watched>>()
  let clients = 0

  async function begin(run: Run, plan: Plan): Promise<Watched> {
    const lab = await run.living?.attach()
    if (!lab) throw absent(`the lab of ${run.id}`)
    const isAlive = async (): Promise<boolean> => (await runs.find(run.id)).living !== undefined
    const { directory } = run
    return { sampler: watchLab({ lab, plan, directory }, () => isAlive().catch(() => false)), clients: 0 }
  }

  async function join(run: Run): Promise<Watched> {
    const known = await watched.get(run.id)?.catch(() => undefined)
    if (known && !known.sampler.ended()) return known
    const begun = begin(run, await planOf(run))
    watched.set(run.id, begun)
    return begun
  }

  function leave(id: string, each: Watched): void {
    clients--
    each.clients--
    if (each.clients > 0) return
    each.timer = setTimeout(() => {
      if (each.clients > 0) return
      each.sampler.stop()
      watched.delete(id)
    }, afterglow).unref()
  }

  return {
    async stream(run, lastId, signal) {
      if (clients >= mostClients)
        throw new Refusal(503, { error: 'too many look at live labs', remedy: 'close a page' })
      if (!run.living) return past(run)
      const each = await join(run)
      clients++
      each.clients++
      clearTimeout(each.timer)
      const gone = new AbortController()
      const end = (): void => {
        if (gone.signal.aborted) return
        gone.abort()
        leave(run.id, each)
      }
      signal.addEventListener('abort', end)
      if (signal.aborted) end()
      return eventStream(each.sampler, lastId, gone.signal, end)
    },
    close() {
      for (const each of watched.values()) void each.then(({ sampler }) => sampler.stop()).catch(() => {})
    },
  }
}

const encoder = new TextEncoder()

const written = ({ event, data }: LiveEvent, id: string): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** Pulled by the client: what it does not take is not made. */
function eventStream(
  { epoch, since, snapshot, more, ended }: Sampler,
  lastId: string | undefined,
  signal: AbortSignal,
  end: () => void,
): ReadableStream {
  const [, own, number] = /^(\w+)-(\d+)$/.exec(lastId ?? '') ?? []
  let after = own === epoch ? Number(number) : -1
  let isFirst = true
  return new ReadableStream(
    {
      async pull(controller) {
        if (isFirst) controller.enqueue(encoder.encode(`retry: ${retry}\n\n`))
        isFirst = false
        for (;;) {
          const missed = (after < 0 ? undefined : since(after)) ?? snapshot()
          const fresh = missed.filter(({ number: each }) => each > after)
          after = Math.max(after, 0, fresh.at(-1)?.number ?? 0)
          if (fresh.length > 0) {
            const texts = fresh.map(({ event, number: each }) => written(event, `${epoch}-${each}`))
            controller.enqueue(encoder.encode(texts.join('')))
            return
          }
          if (ended() || signal.aborted) {
            end()
            controller.close()
            return
          }
          const silence = AbortSignal.timeout(heartbeat)
          await more(after, AbortSignal.any([signal, silence]))
          if (!silence.aborted) continue
          controller.enqueue(encoder.encode(': here\n\n'))
          return
        }
      },
      cancel: end,
    },
    { highWaterMark: 1 },
  )
}

/** Of a lab that has ended: what happened, and that it is over. */
function past(run: Run): ReadableStream {
  const events: LiveEvent[] = [
    ...timeline(run.directory).map((data): LiveEvent => ({ event: 'timeline', data })),
    { event: 'end', data: { at: Date.now() } },
  ]
  const text = events.map((event, index) => written(event, `past-${index}`)).join('')
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(text))
      controller.close()
    },
  })
}
