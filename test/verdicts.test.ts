// Evidence of real runs, kept: from disk alone the same verdict is reached, to the letter. `-u` writes the verdicts anew.
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Plan } from '../src/plan/plan.ts'
import { runDirectory } from '../src/run/directory.ts'
import { readEvidence } from '../src/run/evidence.ts'
import { keepExtents } from '../src/run/extents.ts'
import { verdictSchema } from '../src/verify/verdict.ts'
import { judge } from '../src/verify/verify.ts'

const runs = join(import.meta.dirname, 'runs')
const names = readdirSync(runs, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)

test.each(names)('%s', async (name) => {
  const evidence = await readEvidence(runDirectory(join(runs, name)))
  const judged = await judge({ ...evidence, directory: name }).finally(() => evidence.store.close())
  const verdict = verdictSchema.parse(judged)
  // A run is called by what it must be found to be.
  const isGreen = name.startsWith('green')
  expect(verdict.findings.map(({ cause }) => cause)).toEqual(isGreen ? [] : [name])
  expect(verdict.pass).toBe(isGreen)
  await expect(`${JSON.stringify(verdict, null, 2)}\n`).toMatchFileSnapshot(
    join(runs, `${name}.verdict.json`),
  )
})

test('a lab that goes on after its books were closed changes nothing of their verdict', async () => {
  const copy = join(mkdtempSync(join(tmpdir(), 'flowlab-goes-on-')), 'green-attributes')
  onTestFinished(() => rmSync(join(copy, '..'), { recursive: true }))
  cpSync(join(runs, 'green-attributes'), copy, { recursive: true })
  const directory = runDirectory(copy)
  const verdict = async () => {
    const evidence = await readEvidence(directory)
    return judge({ ...evidence, directory: '' }).finally(() => evidence.store.close())
  }
  const before = await verdict()
  await keepExtents(directory, await directory.read<Plan>('plan'))
  // All recordings once more, packet by packet, half a packet at their end; and the books are open again.
  for (const name of ['r2/log/exported-edge', 'col/log/arrived-edge', 'r2/log/crossed-eth0-in']) {
    const file = join(copy, 'nodes', `${name}.pcap`)
    appendFileSync(file, Buffer.concat([readFileSync(file).subarray(24), Buffer.alloc(9)]))
  }
  appendFileSync(join(copy, 'timeline.ndjson'), `{"at":${Date.now()},"what":"opened","target":"books"}\n`)
  expect(await verdict()).toEqual(before)
  rmSync(join(copy, 'recordings.json'))
  expect(await verdict()).not.toEqual(before)
})
