// Events on real daemons: what they cost is booked to them, the verdict is green beside it, and routes are judged by their time.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Collected } from '../../src/evidence.ts'
import { cannot, type Draft, flowlab, gone, labFile, root, temporary } from '../support/labs.ts'
import { verdictOf } from '../support/verdicts.ts'

const directory = temporary('events')

describe.concurrent('events', () => {
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  test('a link goes down and comes back: the collector shows both paths, and when it had followed', async () => {
    const draft = parse(readFileSync(join(root, 'examples/failover/lab.yaml'), 'utf8')) as Draft
    for (const flow of draft.traffic ?? []) if (flow.kind === 'ditg') flow.for = '4s'
    draft.events = [
      { name: 'cut', at: '1s', link: 'r1:x', action: 'down' },
      { name: 'mend', after: { event: 'cut' }, link: 'r1:x', action: 'up' },
    ]
    draft.expect = [
      'within 20 s of cut, as-path of h2 is 65020 65021 65030',
      'as-path of h2 is 65010 65030 or 65020 65021 65030',
      'bytes within 0 % over cut',
    ]
    const [file, run] = [join(directory, 'failover.yaml'), join(directory, 'failover')]
    writeFileSync(file, stringify(draft))
    const verdict = verdictOf(await flowlab(['run', file, '--dir', run, '--format', 'json']))
    expect(verdict.findings).toEqual([])
    expect(verdict.expectations.filter(({ holds }) => !holds)).toEqual([])
    expect(verdict.expectations[0]?.found).toMatch(/^65020 65021 65030 after [\d.]+ m?s$/)
    const [cut, mend, ...others] = verdict.events
    expect(others).toEqual([])
    expect(cut).toMatchObject({ name: 'cut', action: 'down', target: 'link r1:x', expected: true })
    expect(mend?.begin).toBeGreaterThanOrEqual(cut?.settled ?? Infinity)
    for (const event of [cut, mend])
      expect(event?.followed.map(({ daemon }) => daemon)).toEqual(['collector main'])
    const { collectors } = JSON.parse(readFileSync(join(run, 'collected.json'), 'utf8')) as Collected
    const paths = collectors[0]?.tables[0]?.rows.map((row) => String(row['as_path']))
    expect(paths).toContain('65010_65030')
    expect(paths).toContain('65020_65021_65030')
    await gone(run)
  })

  test('a router restarts and a probe is killed: what it costs is booked to them, and is no finding', async () => {
    const file = labFile(directory, 'away', (draft) => {
      for (const flow of draft.traffic ?? []) if (flow.kind === 'ditg') flow.for = '4s'
      draft.events = [
        { name: 'crash', at: '500ms', probe: 'edge', action: 'kill', for: '500ms' },
        { after: { event: 'crash' }, node: 'y', action: 'restart' },
      ]
    })
    const run = join(directory, 'away')
    const verdict = verdictOf(await flowlab(['run', file, '--dir', run, '--format', 'json']))
    expect(verdict.findings).toEqual([])
    const lost = verdict.books.reduce((sum, { wire, exported }) => sum + wire.packets - exported.packets, 0)
    expect(lost).toBeGreaterThan(0)
    const [crash, restart] = verdict.events
    const metering = crash?.booked.filter(({ stage, table }) => stage === 'metering' && table === undefined)
    expect(metering?.map(({ packets }) => packets)).toEqual([lost])
    expect(restart).toMatchObject({ target: 'node y', action: 'restart' })
    expect(restart?.begin).toBeGreaterThanOrEqual(crash?.settled ?? Infinity)
    expect(restart?.booked.filter(({ stage }) => stage !== 'routing')).toEqual([])
    await gone(run)
  })
})
