// What a backend writes into the run directory before it builds anything: each node's files where its mounts will show them,
// and the directories for its logs and its processes' state.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { NodePlan, Plan } from '../../plan/plan.ts'

export async function writeNodes({ nodes }: Plan, directory: string): Promise<void> {
  await Promise.all(
    nodes.map(async ({ name, files }) => {
      const kept = join(directory, 'nodes', name)
      await Promise.all(['log', 'state'].map((each) => mkdir(join(kept, each), { recursive: true })))
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(kept, path)), { recursive: true })
        await writeFile(join(kept, path), content)
      }
    }),
  )
}

/** Directories of /etc into which the plan puts files: each is covered by the node's own. */
export const configured = ({ files }: NodePlan): string[] => [
  ...new Set(Object.keys(files).flatMap((file) => (file.startsWith('/etc/') ? posix.dirname(file) : []))),
]
