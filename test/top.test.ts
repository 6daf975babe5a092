// `flowlab top` without a lab: the picture of a moment in several sizes, what keys do, a run's numbers, and a real terminal that is
// as it was afterwards.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { ascii, short, spark, unicode } from '../src/top/amounts.ts'
import { frame } from '../src/top/frame.ts'
import type { Shown } from '../src/top/frame/shown.ts'
import type { Look, Row } from '../src/top/look.ts'
import { stateItems } from '../src/top/news.ts'
import { pastSource } from '../src/top/past.ts'
import { document } from '../src/top/print.ts'
import { painted, plain, width } from '../src/top/text.ts'
import { act, firstView, type View } from '../src/top/view.ts'
import { runDirectory } from '../src/run/directory.ts'
import type { LiveData } from '../src/server/api/live.ts'
import type { Verdict } from '../src/verify/verdict.ts'
import { root } from './support/labs.ts'
import { inTerminal, noTerminal, screens, settingsIn } from './support/terminal.ts'

const home = mkdtempSync(join(tmpdir(), 'flowlab-top-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const volume = (packets: number, bytes = packets * 500) => ({ packets, bytes })

const row = (key: string, wire: number, collected: number, curve: readonly number[]): Row => ({
  ...{ key, rate: volume(wire / 60), curve },
  volumes: {
    wire: volume(wire),
    exported: volume(collected),
    arrived: volume(collected),
    collected: volume(collected),
  },
})

const look: Look = {
  at: 1_700_000_060_000,
  total: 4,
  rows: [
    row('192.0.128.65', 287_278, 287_224, [3, 5, 8, 13, 8, 5, 3, 2, 1, 0, 0, 4]),
    row('192.32.0.2', 187_148, 187_148, [1, 1, 1, 1]),
    row('2001:db8:85a3:1234:5678:8a2e:370:7334', 95, 0, [0, 0, 0, 9]),
    row('evil\u001b[2Jhost', 1, 2, []),
  ],
  sums: (['wire', 'exported', 'arrived', 'collected'] as const).map((witness, index) => ({
    ...{ witness, curve: [0, 1, 4, 2, 8, index] },
    ...{ volume: volume(index === 0 ? 474_522 : 474_374), rate: volume(2_000 + index) },
  })),
  lacking: {},
}

const shown: Shown = {
  ...{
    lab: 'janog36',
    points: ['r2:eth0'],
    isLive: true,
    elapsed: 83_000,
    view: firstView({}),
    look,
    glyphs: unicode,
  },
  news: {
    items: [
      { kind: 'sign', id: 'exports-lost', text: '2 of 40 export datagrams to main have not come' },
      { kind: 'event', at: new Date(2026, 0, 1, 3, 48, 15).getTime(), text: 'opened books' },
      {
        kind: 'event',
        at: new Date(2026, 0, 1, 3, 48, 16).getTime(),
        text: 'failover: down link r2:x begin',
      },
    ],
  },
}

const over: Shown = {
  ...shown,
  ...{ isLive: false, view: { ...shown.view, order: 'difference' } },
  news: {
    verdict: { pass: false, findings: 1 },
    items: [
      {
        kind: 'finding',
        id: 'exports-lost@edge',
        text: 'transport: 2 of 6 export datagrams of edge were lost on their way to main, and with them 4001 packets (1521715 bytes)',
      },
    ],
  },
}

const view = (more: Partial<View>): Shown => ({ ...shown, view: { ...shown.view, ...more } })

const pictures: Readonly<Record<string, readonly [Shown, number, number]>> = {
  'live-120x36': [shown, 120, 36],
  'live-80x24': [shown, 80, 24],
  'live-60x14': [shown, 60, 14],
  'live-40x9': [shown, 40, 9],
  'live-20x3': [shown, 20, 3],
  'paused-packets-100x16': [view({ isPaused: true, unit: 'packets', cursor: 1 }), 100, 16],
  'over-100x24': [over, 100, 24],
  'news-60x14': [{ ...over, view: { ...over.view, page: 'news' } }, 60, 14],
  'filter-80x12': [{ ...view({ typing: 'proto upd' }), error: 'filter, character 7: expected …' }, 80, 12],
  'menu-80x12': [view({ menu: { of: 'by', at: 10, typed: '' } }), 80, 12],
  'help-100x20': [view({ page: 'help' }), 100, 20],
  'ascii-80x16': [{ ...shown, glyphs: ascii }, 80, 16],
  'lines-100': [over, 100, Infinity],
}

describe('a picture', () => {
  test.for(Object.keys(pictures))('%s', async (name) => {
    const [of, columns, rows] = pictures[name] ?? [shown, 80, 24]
    const lines = frame(of, { columns, rows })
    if (Number.isFinite(rows)) expect(lines).toHaveLength(rows)
    const text = lines.map((line) => `${plain(line).trimEnd()}\n`).join('')
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'golden/top', `${name}.txt`))
  })

  test('has never more lines or columns than the terminal, and no command of others', () => {
    for (const of of [shown, over, view({ menu: { of: 'order', at: 3, typed: '' } }), view({ page: 'help' })])
      for (let columns = 1; columns < 140; columns += 7)
        for (let rows = 1; rows < 45; rows += 5) {
          const lines = frame(of, { columns, rows })
          const texts = lines.map(plain)
          expect(lines.length).toBeLessThanOrEqual(rows)
          expect(Math.max(...texts.map(width))).toBeLessThanOrEqual(columns)
          expect(texts.join('')).not.toMatch(/\p{Cc}/u)
        }
  })

  test('has colours only where there are to be some', () => {
    const lines = frame(shown, { columns: 80, rows: 24 })
    const all = (hasColour: boolean) => lines.map((line) => painted(line, hasColour)).join('')
    const colour = /\[(?:\d;)*3\dm/
    expect(all(true)).toMatch(colour)
    expect(all(false)).not.toMatch(colour)
  })
})

test('numbers are short, and none is nothing', () => {
  const texts = [0, 7, 999, 1_000, 12_345, 999_999, 1_234_567, 59.2, 0.4].map((value) => short(value))
  expect(texts).toEqual(['0', '7', '999', '1.00 k', '12.3 k', '1.00 M', '1.23 M', '59.2', '0.40'])
  expect(spark([0, 1, 1000], 3, true, unicode)).toBe(' ▁█')
  expect(spark([0, 0], 3, false, unicode)).toBe('   ')
  expect(spark([1, 1, 4, 4], 2, true, unicode)).toBe('▂█')
  expect(spark([1, 1, 4, 4], 2, false, unicode)).toBe('██')
})

describe('keys', () => {
  const letters = (text: string): string[] => text.split('')
  const around = { total: 4, page: 10, key: '192.0.2.1' }
  const after = (...pressed: string[]): View =>
    pressed.reduce((before, key) => {
      const next = act(before, key, around)
      if (typeof next === 'string') throw new Error(next)
      return next
    }, shown.view)

  test('change key, order, unit, filter; pause, and quit', () => {
    expect(after('tab').by).toBe('sourcePort')
    expect(after('b', 'p', 'a', 'return').by).toBe('path')
    expect(after('b', 'down', 'escape').by).toBe('host')
    expect(after('o', 'end', 'return').order).toBe('key')
    expect(after('<', 'r')).toMatchObject({ order: 'key', reverse: true })
    expect(after('u').unit).toBe('packets')
    expect(
      after('/', ...letters('proto'), 'space', ...letters('udq'), 'backspace', 'p', 'return').filter,
    ).toBe('proto udp')
    expect(after('/', ...letters('proto'), 'escape').filter).toBe('')
    expect(after('/', 'a', '^u', 'b', 'return').filter).toBe('b')
    expect(after('p').isPaused).toBe(true)
    expect(after('p', 'space').isPaused).toBe(false)
    for (const key of ['q', '^c', 'f10']) expect(act(shown.view, key, around)).toBe('quit')
    // A q that is written is no command.
    expect(after('/', 'q').typing).toBe('q')
  })

  test('point at a row, and look at it alone', () => {
    expect(after('end').cursor).toBe(3)
    expect(after('end', 'pageup').cursor).toBe(0)
    expect(after('return').filter).toBe('ip 192.0.2.1')
    expect(after('/', ...letters('ipv4'), 'return', 'return').filter).toBe('(ipv4) and ip 192.0.2.1')
    expect(after('return', 'return').filter).toBe('ip 192.0.2.1')
    expect(act({ ...shown.view, by: 'path' }, 'return', around)).toMatchObject({ filter: '' })
  })
})

test('a datagram on its way is no sign of anything', () => {
  const state = (sent: number, came: number, more: object = {}): LiveData<'state'> => ({
    ...{ at: 0, nodes: [], interfaces: [], sessions: [], probes: [] },
    collectors: [
      { name: 'main', state: 'running', sent, datagrams: came, listening: true, drops: 0, ...more },
    ],
  })
  const ids = (now: LiveData<'state'>, before?: LiveData<'state'>) =>
    stateItems(now, before).map(({ id }) => id)
  expect(ids(state(5, 4))).toEqual([])
  expect(ids(state(6, 5), state(5, 5))).toEqual([])
  expect(ids(state(6, 5), state(6, 5))).toEqual(['exports-lost'])
  expect(ids(state(6, 6, { drops: 3, listening: false }))).toEqual([
    'collector-not-listening',
    'collector-socket-overrun',
  ])
})

describe('a run', () => {
  const question = { by: 'host', order: 'wire', reverse: false, unit: 'bits', filter: '', rows: 50 } as const

  test.for(['green', 'exports-lost'])('%s has the numbers of its verdict', async (name) => {
    const path = join(home, name)
    cpSync(join(root, 'test/runs', name), path, { recursive: true })
    cpSync(join(root, 'test/runs', `${name}.verdict.json`), join(path, 'verdict.json'))
    const verdict = JSON.parse(readFileSync(join(path, 'verdict.json'), 'utf8')) as Verdict
    const source = await pastSource(runDirectory(path))
    try {
      const found = await source.look(question)
      for (const { witness, volume: counted } of found.sums.filter(({ witness: each }) => each !== 'wire')) {
        const of = (what: 'packets' | 'bytes') =>
          verdict.books.reduce((sum, book) => sum + book[witness][what], 0)
        expect([witness, counted]).toEqual([witness, { packets: of('packets'), bytes: of('bytes') }])
      }
      expect(source.news().verdict).toMatchObject({ pass: verdict.pass })
      const missing = found.rows.map(({ volumes: { wire, collected } }) => wire!.packets - collected!.packets)
      expect(missing.some((packets) => packets > 0)).toBe(name === 'exports-lost')
      // Both ends of each flow: of one direction it is once.
      const sources = await source.look({ ...question, by: 'source', order: 'key', filter: 'direction in' })
      expect(sources.lacking.collected).toBeDefined()
      const [all] = sources.sums
      expect(sources.rows.reduce((sum, { volumes }) => sum + volumes.wire!.bytes, 0)).toBe(all?.volume.bytes)
      // What a table does not keep is not nothing.
      const byProtocol = await source.look({ ...question, by: 'protocol' })
      expect(byProtocol.lacking.collected).toBe('its table keeps no protocol')
      expect(byProtocol.sums.map(({ witness }) => witness)).toEqual(['wire', 'exported', 'arrived'])
      await expect(source.look({ ...question, filter: 'proto' })).rejects.toThrow('filter, character 6')
      const printed = document({ ...shown, isLive: false, look: found, news: source.news() })
      expect(JSON.parse(JSON.stringify(printed))).toMatchObject({
        live: false,
        by: 'host',
        total: found.total,
      })
    } finally {
      await source.close()
    }
  })

  test.skipIf(noTerminal)(
    `in a terminal, which is as it was afterwards${noTerminal ? ` (${noTerminal})` : ''}`,
    async () => {
      const path = join(home, 'terminal')
      cpSync(join(root, 'test/runs/exports-lost'), path, { recursive: true })
      const terminal = inTerminal(['top', path])
      onTestFinished(terminal.close)
      await terminal.says('192.32.0.2')
      const byPort = terminal.says('SOURCE PORT')
      terminal.press('\t')
      await byPort
      terminal.press('q')
      const [before, screen, after] = screens(await terminal.ended)
      expect(screen).toContain('not judged')
      expect(screen).toContain('[?25h')
      expect(after).toContain('code 0')
      expect(settingsIn(after)).toBe(settingsIn(before))
      expect(settingsIn(before)).toBeDefined()
    },
  )
})
