// Lab file → plan → generated files, as golden files under test/golden/plan: what flowlab would build, to be read in a diff.
// `npx vitest run test/plan.test.ts -u` writes them anew.

import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { start } from '../src/backend/common/supervision.ts'
import { build, placesIn } from '../src/backend/sandbox/script.ts'
import { compile } from '../src/plan/compile.ts'
import { load } from '../src/topology/load.ts'
import { closing, endsOf } from '../src/truth/gate.ts'
import { ruleset, totalsRuleset } from '../src/truth/wire/ruleset.ts'

/** Labs whose scripts and rules are golden too: what the others' would show again is left out. */
const whole = new Set(['janog36', 'impaired'])

const root = resolve(import.meta.dirname, '..')
const labs = [
  ...readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [name, `examples/${name}/lab.yaml`] as const),
  ...readdirSync(join(root, 'test/labs')).map(
    (file) => [file.replace('.yaml', ''), `test/labs/${file}`] as const,
  ),
]

describe.each(labs)('%s', async (name, file) => {
  const { topology } = await load(join(root, file))
  const plan = compile(topology)
  const golden = (path: string): string => join(import.meta.dirname, 'golden', 'plan', name, path)
  const run = '/runs/RUN'

  test('the plan, but for the files', async () => {
    const nodes = plan.nodes.map(({ files, ...rest }) => ({ ...rest, files: Object.keys(files) }))
    const text = JSON.stringify({ ...plan, nodes }, null, 2).replaceAll(root, '/flowlab')
    await expect(`${text}\n`).toMatchFileSnapshot(golden('plan.json'))
  })

  test.each(
    plan.nodes.flatMap((node) => Object.entries(node.files).map(([path, text]) => [node.name, path, text])),
  )('%s %s', async (node = '', path = '', text = '') => {
    await expect(text).toMatchFileSnapshot(golden(join('nodes', node, path)))
  })

  test('the same file gives the same plan', async () => {
    expect(compile((await load(join(root, file))).topology)).toEqual(plan)
  })

  if (!whole.has(name)) return
  describe('as the sandbox runs it', () => {
    test('the script that builds it', async () => {
      await expect(build(plan, run)).toMatchFileSnapshot(golden('build.sh'))
    })

    test('the script that starts it', async () => {
      const processes = plan.nodes.flatMap((node) =>
        node.processes.map((process) => ({ node: node.name, process })),
      )
      await expect(start(processes, placesIn(run), 'ready')).toMatchFileSnapshot(golden('start.sh'))
    })

    test.each(plan.points.map((point, index) => [point.name, point, index] as const))(
      'the rules at %s',
      async (_, point, index) => {
        const text =
          ruleset(point, index) +
          totalsRuleset(point, index) +
          closing(
            endsOf(point, plan),
            plan.probes.map((probe) => probe.export),
          )
        await expect(text).toMatchFileSnapshot(golden(`point-${index}.nft`))
      },
    )
  })
})
