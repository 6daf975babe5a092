// The second program of the bundle, which `deploy` starts beside a lab in containers: `watch.js RUN-DIRECTORY`. What a node that
// was started anew gets back beyond its links is run/'s business.

import { watch } from '../backend/docker/watch.ts'
import type { Plan } from '../plan/plan.ts'
import type { Step } from '../run/conduct.ts'
import { runDirectory } from '../run/directory.ts'
import { restartAsEvent } from '../run/restart.ts'

const directory = runDirectory(process.argv[2] ?? '')
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})

await watch(
  directory.path,
  process.stdin,
  () => process.stdout.write('watching\n'),
  async (lab, node, since) => {
    const plan = await directory.read<Plan>('plan')
    // The next node need not wait for this one's sessions, which may be with it.
    await new Promise<void>((resolve, reject) => {
      const step: Step = async (name, act) => {
        const result = await act()
        if (name === 'restart') resolve()
        return result
      }
      const failed = (error: unknown): void =>
        void process.stderr.write(`${node}: ${(error as Error).message}\n`)
      const noticed = { since, attempts: 3, failed }
      restartAsEvent({ lab, plan, directory }, node, step, noticed).catch((error: unknown) => {
        failed(error)
        reject(error)
      })
    })
  },
)
process.exit(0)
