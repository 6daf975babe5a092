// What a backend writes into the run directory before it builds anything: each node's files where its mounts will show them,
// the directories for its logs and its processes' state, and what it adds to its programs' environment.

import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { NodePlan, Plan } from '../../plan/plan.ts'

export async function writeNodes({ nodes }: Plan, directory: string): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const { name, files, env } = node
      const kept = join(directory, 'nodes', name)
      const directories = ['log', 'state', ...configured(node)]
      await Promise.all(directories.map((each) => mkdir(join(kept, each), { recursive: true })))
      if (Object.keys(env).length > 0) await writeFile(environmentFile(directory, name), JSON.stringify(env))
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

/** Where a node's own environment is kept, for those who come to the lab later; absent where it has none. */
const environmentFile = (directory: string, node: string): string =>
  join(directory, 'nodes', node, 'environment.json')

/** What a node adds to its programs' environment, as arguments of env(1). */
export function environmentOf(directory: string, node: string): string[] {
  const file = environmentFile(directory, node)
  if (!existsSync(file)) return []
  const env = JSON.parse(readFileSync(file, 'utf8')) as NodePlan['env']
  return Object.entries(env).map(([name, value]) => `${name}=${value}`)
}
