// Places and surroundings that a lab must bear, or refuse with a clear word.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { cannot, flowlab, gone, isRoot, labFile, root, temporary } from '../support/labs.ts'
import { verdictOf } from '../support/verdicts.ts'

const directory = temporary('hostile')
const lab = labFile(directory, 'tiny', (draft) => {
  draft.traffic = [{ from: 'h1', to: 'h16', kind: 'ditg', udp: { rate: '200pps', size: 100 }, for: '300ms' }]
})
const empty = labFile(directory, 'empty', (draft) =>
  Object.assign(draft, { probes: {}, collectors: {}, traffic: [] }),
)
const birds = labFile(directory, 'birds', (draft) => {
  for (const node of Object.values(draft.nodes)) if (node.kind === 'frr') node.kind = 'bird'
  for (const collector of Object.values(draft.collectors ?? {})) collector.node = 'r2'
})
const green = async (file: string, run: string, call = {}) => {
  const ended = await flowlab(['run', file, '--dir', run, '--format', 'json'], call)
  expect(verdictOf(ended)).toMatchObject({ pass: true, findings: [] })
  expect(ended.code).toBe(0)
  await gone(run)
}

describe.concurrent('a run', () => {
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  test('with nothing in its environment, in a directory whose name shells and mount tables read in their own ways', () =>
    green(lab, join(directory, `a b'c"d $HOME ü,=\\x`), { through: ['/usr/bin/env', '-i'] }))

  test('without anything to measure', () => green(empty, join(directory, 'empty')))

  test("of BIRD routers only, the collector on the probe's own node", () =>
    green(birds, join(directory, 'birds')))

  test('whose result finds no room says so', async () => {
    const ended = await flowlab(['run', empty, '--dir', join(directory, 'full')], { outputTo: '/dev/full' })
    expect(ended).toMatchObject({ code: 3 })
    expect(ended.stderr).toContain('no space left on device')
  })

  test('on a full disk says so', async ({ skip }) => {
    skip(!isRoot, 'only root can mount a small disk')
    const small = join(directory, 'small')
    mkdirSync(small)
    const script = 'mount -t tmpfs -o size=20k small "$0" && exec "$@"'
    const through = ['unshare', '--mount', 'sh', '-c', script, small]
    const ended = await flowlab(['run', lab, '--dir', join(small, 'run')], { through, cwd: root })
    expect(ended).toMatchObject({ code: 3, stdout: '' })
    expect(ended.stderr).toContain('no space left on device')
    await gone(join(small, 'run'))
  })
})
