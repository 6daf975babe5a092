// A node's own image: the container that brings it, and which of the two a program runs in. Witnesses and generators are always
// flowlab's; everything else is the image's where it has it.

import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { MachineError } from '../../backend.ts'
import type { NodePlan } from '../../plan/plan.ts'
import { imageContainer, label } from './containers.ts'
import { asked } from './engine.ts'
import { execute } from './exec.ts'
import { owned } from './script.ts'

/** Where the node's number of the image's first process is noted: by it programs enter the image. */
const pidFile = (directory: string, node: string): string =>
  join(directory, 'nodes', node, 'state', 'image.pid')

/** Starts the container of the node's own image, where it has one, beside the node's and in the network of `links`. */
export async function joinImage(
  engine: Docker,
  node: NodePlan,
  container: Docker.Container,
  links: Docker.Container,
  directory: string,
): Promise<void> {
  if (node.image === undefined) return
  const { Id, Config } = await asked(container.inspect())
  const labels = [`${label.directory}=${directory}`, `${label.imageOf}=${node.name}`]
  const [there] = await asked(engine.listContainers({ all: true, filters: { label: labels } }))
  // After a restart of the node it would join what is gone.
  if (there) await asked(engine.getContainer(there.Id).remove({ force: true }))
  const own = await asked(engine.createContainer(imageContainer(node, Id, links.id, Config.Labels)))
  await asked(own.start())
  const { State } = await asked(own.inspect())
  const status = await readFile(`/proc/${State.Pid}/status`, 'utf8').catch(() => '')
  const pid = /^NSpid:.*\t(\d+)$/m.exec(status)?.[1]
  if (pid === undefined)
    throw new MachineError(
      `what the image ${node.image} of ${node.name} runs ended at once, with ${State.ExitCode}`,
      'an image for a node has to run something that stays, such as a shell',
    )
  const owning = execute(container, ['bash', '--norc', '-c', owned(node), 'owned', pid], 'ignore')
  await new Promise((resolve, reject) => owning.once('close', resolve).once('error', reject))
  await writeFile(pidFile(directory, node.name), `${pid}\n`)
}

/** In bash: $1, a program; the rest, its arguments. */
const inside = `
read -r pid </lab/state/image.pid
[ -d "/proc/$pid/root/" ] || { echo "what the image of this node runs has ended" >&2; exit 126; }
case $1 in ip | nft | tcpdump | ethtool | ping | bash) exec "$@" ;; esac
IFS=:
for directory in $PATH; do
  case $1 in /*) path=$1 ;; *) path=$directory/$1 ;; esac
  if [ -e "/proc/$pid/root$path" ] || [ -L "/proc/$pid/root$path" ]; then
    exec nsenter --target="$pid" --mount -- "$@"
  fi
done
exec "$@"
`

/** What stands before the command line of a program on the node. */
export const insideOf = (directory: string, node: string): string[] =>
  existsSync(pidFile(directory, node)) ? ['bash', '-c', inside, 'inside'] : []
