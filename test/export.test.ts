// Labs for others' tools, as text: a topology that containerlab's own schema takes, a compose file, a script that bash takes.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { compose } from '../src/export/containers/compose.ts'
import { containerlab } from '../src/export/containers/containerlab.ts'
import { shell } from '../src/export/shell/script.ts'
import { compile } from '../src/plan/compile.ts'
import { load } from '../src/topology/load.ts'
import { mistakes } from './support/json-schema.ts'

const root = join(import.meta.dirname, '..')
const schema = JSON.parse(readFileSync(join(root, 'test/containerlab/clab.schema.json'), 'utf8')) as Readonly<
  Record<string, unknown>
>
const wrongIn = (topology: unknown): string[] => mistakes(schema, schema, topology)
const labs = [
  'examples/janog36/lab.yaml',
  ...readdirSync(join(root, 'test/labs')).map((name) => `test/labs/${name}`),
]
const bash = (text: string) => execFileSync('bash', ['-n'], { input: text, stdio: 'pipe' })

test('the schema takes containerlab’s own, and refuses', () => {
  for (const name of ['br01', 'clos02', 'frr01/frr01', 'ixiac01', 'srlfrr01', 'vxlan-sros'])
    expect(wrongIn(parse(readFileSync(join(root, `test/containerlab/${name}.clab.yml`), 'utf8')))).toEqual([])

  const topology = (node: object, links = [{ endpoints: ['a:e1', 'b:e1'] }]) => ({
    name: 'x',
    topology: { nodes: { a: node, b: { kind: 'linux' } }, links },
  })
  expect(wrongIn(topology({ kind: 'linux', 'network-mode': 'none' }))).toEqual([])
  expect(wrongIn(topology({ kind: 'frr' }))).not.toEqual([])
  expect(wrongIn(topology({ kind: 'linux', colour: 'red' }))).not.toEqual([])
  expect(wrongIn(topology({ kind: 'linux', exec: 'ip link' }))).not.toEqual([])
  expect(wrongIn({ topology: {} })).not.toEqual([])
})

describe.each(labs)('%s', async (file) => {
  const plan = compile((await load(join(root, file))).topology)

  test('as a topology of containerlab', () => {
    const { files } = containerlab(plan)
    const topology = parse(files[`${plan.lab}.clab.yml`] ?? '') as {
      topology: { nodes: Record<string, { binds: string[] }> }
    }
    expect(wrongIn(topology)).toEqual([])
    // What is bound is there.
    for (const { binds } of Object.values(topology.topology.nodes))
      for (const [source = ''] of binds.map((bind) => bind.split(':')))
        if (source.startsWith('./'))
          expect(
            Object.keys(files).some((path) => path.startsWith(`${source.slice(2)}/`)),
            source,
          ).toBe(true)
    for (const [path, text] of Object.entries(files)) if (path.endsWith('.sh')) bash(text)
  })

  test('as a compose file', () => {
    const { files } = compose(plan)
    const { services } = parse(files['compose.yaml'] ?? '') as {
      services: Record<string, { network_mode: string }>
    }
    expect(Object.keys(services)).toEqual(plan.nodes.map(({ name }) => name))
    expect(Object.values(services).every((each) => each.network_mode === 'none')).toBe(true)
    expect(files['links.sh']?.match(/^link [^#(]/gm)).toHaveLength(plan.links.length)
    for (const [path, text] of Object.entries(files)) if (path.endsWith('.sh')) bash(text)
  })

  test('as a script', () => {
    for (const text of Object.values(shell(plan, ['bash']).files)) bash(text)
  })
})
