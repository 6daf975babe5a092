// The interoperability example stands for the runs that docs/interop.md tells of, and for each combination that is none it says why.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { loadPossible } from '../src/topology/load.ts'

const root = resolve(import.meta.dirname, '..')
const report = readFileSync(join(root, 'docs/interop.md'), 'utf8')

test.each([
  ['pmacctd', 12, 20],
  ['pmacctd-sflow', 4, 4],
  ['ovs', 10, 30],
  ['softflowd', 14, 26],
  ['fprobe', 3, 17],
  ['pmacctd-templates', 2, 0],
  ['softflowd-templates', 2, 0],
  ['ovs-templates', 1, 0],
])('%s: %i runs, %i combinations left out', async (probe, runs, rest) => {
  const file = `examples/interop/${probe}.yaml`
  const { labs, impossible } = await loadPossible(join(root, file))
  expect([labs.length, impossible.length]).toEqual([runs, rest])
  for (const { problems } of impossible)
    expect(problems.map(({ message }) => message).join()).toMatch(/protocol of|sampling of|understands/)
  for (const { combination } of labs) {
    const sets = Object.entries(combination).map(([name, value]) => `--set ${name}=${value}`)
    expect(report).toContain(`\`flowlab run ${file} ${sets.join(' ')}\``)
  }
})
