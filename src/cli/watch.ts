// The second program of the bundle, which `deploy` starts beside a lab in containers: `watch.js RUN-DIRECTORY`. What a node that
// was started anew gets back beyond its links is run/'s business.

import { watch } from '../backend/docker/watch.ts'
import type { Plan } from '../plan/plan.ts'
import { runDirectory } from '../run/directory.ts'
import { recovered, restart } from '../run/restart.ts'

const directory = runDirectory(process.argv[2] ?? '')
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})

const say = (error: unknown): void => void process.stderr.write(`${(error as Error).message}\n`)

await watch(
  directory.path,
  process.stdin,
  () => process.stdout.write('watching\n'),
  async (lab, node) => {
    const plan = await directory.read<Plan>('plan')
    await restart({ lab, plan, directory }, node)
    // The next node need not wait for this one's sessions, which may be with it.
    void recovered({ lab, plan, directory }, node).catch(say)
  },
)
process.exit(0)
