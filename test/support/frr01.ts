// containerlab's frr01, imported and deployed: its PCs reach each other, in whichever backend.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Backend } from '../../src/backend.ts'
import { compile } from '../../src/plan/compile.ts'
import { asker } from '../../src/run/ask.ts'
import { deploy } from '../../src/run/conduct.ts'
import { createRunDirectory } from '../../src/run/directory.ts'
import { until } from '../../src/run/wait.ts'
import { load } from '../../src/topology/load.ts'
import { flowlab, root } from './labs.ts'

/** OSPF as it is waits 40 s for designated routers and then some for its timers; nothing else is changed. */
const hasten = (configuration: string): string =>
  configuration
    .replaceAll(
      /^interface eth\d$/gm,
      '$&\n ip ospf network point-to-point\n ip ospf hello-interval 1\n ip ospf dead-interval 3',
    )
    .replace(
      /^router ospf$/m,
      '$&\n timers throttle spf 10 50 1000\n timers throttle lsa all 0\n timers lsa min-arrival 0',
    )

const pings = [
  ['PC1', '192.168.12.2'],
  ['PC2', '192.168.13.2'],
  ['PC3', '192.168.11.2'],
  ['PC1', '10.10.10.1'],
] as const

/** Throws where a PC does not reach another in time. `place` is the test's own directory. */
export async function reachEachOther(backend: Backend, place: string): Promise<void> {
  const copy = join(place, 'frr01')
  cpSync(join(root, 'test/containerlab/frr01'), copy, { recursive: true })
  for (const router of ['router1', 'router2', 'router3']) {
    const file = join(copy, router, 'frr.conf')
    writeFileSync(file, hasten(readFileSync(file, 'utf8')))
  }
  const file = join(place, 'frr01.yaml')
  expect(await flowlab(['import', join(copy, 'frr01.clab.yml'), '-o', file])).toMatchObject({
    code: 0,
    stderr: '',
  })
  const plan = compile((await load(file)).topology)
  const directory = await createRunDirectory(plan.lab, join(place, 'frr01-run'))
  const { lab } = await deploy(backend, plan, directory, (_, act) => act())
  try {
    for (const [from, to] of pings)
      await until(`${from} reaches ${to}`, async () =>
        asker(lab, from)('ping', '-c', '1', '-W', '1', to).then(
          () => undefined,
          (error: Error) => error.message,
        ),
      )
  } finally {
    await lab.destroy()
  }
}
