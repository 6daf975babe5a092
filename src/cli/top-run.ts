// `flowlab top` at work: which lab or run it is, and whether a terminal looks at it.

import { setTimeout as sleep } from 'node:timers/promises'
import { backends } from '../backend/backends.ts'
import type { KeyName } from '../query/columns.ts'
import type { Order } from '../query/comparison.ts'
import { FilterError } from '../query/filter.ts'
import type { RunDirectory } from '../run/directory.ts'
import { ascii, unicode } from '../top/amounts.ts'
import type { Shown } from '../top/frame/shown.ts'
import { liveSource } from '../top/live.ts'
import { pastSource } from '../top/past.ts'
import { document, lines } from '../top/print.ts'
import { show } from '../top/show.ts'
import type { Source } from '../top/source.ts'
import { firstView, type View } from '../top/view.ts'
import { InputError } from './exit.ts'
import { livingLab, livingLabs, namedDirectory } from './labs.ts'

export interface Asked {
  readonly by: KeyName
  readonly order: Order
  readonly reverse: boolean
  readonly unit: 'bits' | 'packets'
  readonly filter: string
  readonly interval: number
  readonly rows: number
  readonly once?: boolean
  readonly ascii?: boolean
  readonly format: 'text' | 'json'
}

export async function top(named: string | undefined, asked: Asked): Promise<void> {
  const { directory, source } = await opened(named)
  const { by, order, reverse, unit, filter } = asked
  const view = firstView({ by, order, reverse, unit, filter })
  const ending = new AbortController()
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => {
      process.exitCode = code
      ending.abort()
    })
  const glyphs = asked.ascii || !isUnicode() ? ascii : unicode
  const hasColour = !process.env['NO_COLOR']
  const after = (): Promise<Source | undefined> => pastSource(directory).catch(() => undefined)
  try {
    if (process.stdout.isTTY && !asked.once && asked.format === 'text')
      await show(source, view, { ...asked, hasColour, glyphs, after }, ending.signal)
    else
      await print(
        source,
        view,
        { ...asked, hasColour: hasColour && process.stdout.isTTY, glyphs },
        ending.signal,
      )
  } catch (error) {
    if (error instanceof FilterError) throw new InputError(error.message, 'docs/records.md has all words')
    throw error
  }
}

/** Throws InputError where none, or more than one, is meant. */
async function opened(named: string | undefined): Promise<{ directory: RunDirectory; source: Source }> {
  const directory = named === undefined ? undefined : await namedDirectory(named)
  const alive = (await livingLabs()).some((known) => known.directory.path === directory?.path)
  if (directory && !alive) return { directory, source: await pastSource(directory) }
  const living = await livingLab(named)
  const backend = await backends[living.backend]()
  const isAlive = async (): Promise<boolean> =>
    (await backend.find()).some((each) => each.directory === living.directory.path)
  return { directory: living.directory, source: await liveSource(living, isAlive) }
}

/** Of a lab that goes on a look at each interval; the first has no rate, and is not shown. */
async function print(
  source: Source,
  view: View,
  {
    interval,
    rows,
    once,
    format,
    hasColour,
    glyphs,
  }: Pick<Asked, 'interval' | 'rows' | 'once' | 'format'> &
    Pick<Shown, 'glyphs'> & { readonly hasColour: boolean },
  ending: AbortSignal,
): Promise<void> {
  const gone = new AbortController()
  const heard = (async () => {
    while (source.isLive && !gone.signal.aborted && !source.ended()) await source.more(gone.signal)
  })()
  try {
    for (let count = 0; !ending.aborted; count++) {
      await source.refresh()
      if (count > 0 || !source.isLive) {
        const { by, order, reverse, unit, filter } = view
        const look = await source.look({ by, order, reverse, unit, filter, rows })
        const { lab, points, isLive } = source
        const shown: Shown = {
          lab,
          points,
          isLive,
          elapsed: source.elapsed(),
          view,
          look,
          news: source.news(),
          glyphs,
        }
        process.stdout.write(
          format === 'json'
            ? `${JSON.stringify(document(shown), null, once || !isLive ? 2 : undefined)}\n`
            : `${count > 1 ? '\n' : ''}${lines(shown, process.stdout.columns || 100, hasColour)}`,
        )
        if (once || !isLive) return
      } else await source.look({ ...view, rows: 1 })
      if (source.ended()) return
      await sleep(interval, undefined, { signal: ending }).catch(() => {})
    }
  } finally {
    gone.abort()
    await heard
    await source.close()
  }
}

/** What the terminal's locale says (locale(7)). */
const isUnicode = (): boolean => {
  const { LC_ALL, LC_CTYPE, LANG } = process.env
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'C.UTF-8')
}
