// A lab in containers: each node one of its own, and one that keeps its links, without a network of the engine's; a short-lived
// helper joins them. All that is asked of the engine goes by its API, so whoever may use its socket needs no other right on the
// machine.

import type Docker from 'dockerode'
import type { Backend, Found } from '../../backend.ts'
import { writeNodes } from '../common/files.ts'
import { type Deployment, label, linksContainer, nodeContainer, partsImage, userId } from './containers.ts'
import { asked, connect, isThere } from './engine.ts'
import { containersOf, help, labIn, listed } from './lab.ts'
import { isAbandoned, mark, startWatcher } from './owner.ts'
import { joinImage } from './own-image.ts'
import { plumbing, type Started } from './script.ts'

export const docker: Backend = {
  async preflight({ nodes }) {
    const engine = await connect()
    const images = new Set([partsImage, ...nodes.flatMap(({ image }) => image ?? [])])
    await Promise.all([...images].map((name) => asked(engine.getImage(name).inspect())))
  },
  async deploy(plan, directory) {
    const engine = await connect()
    await clearAbandoned(engine)
    const deployment: Deployment = { plan, directory, owner: mark(process.pid) }
    const watcher = await startWatcher(directory)
    const lab = labIn(engine, directory, watcher)
    try {
      await writeNodes(plan, directory)
      const building = build(engine, deployment)
      underWay.set(directory, building)
      await building
      await watcher.watching
      watcher.built()
    } catch (error) {
      // What went wrong first is what is told, even where the engine has gone altogether.
      await lab.destroy().catch(() => {})
      throw error
    }
    return lab
  },
  async find() {
    const engine = await usable()
    return engine ? found(engine) : []
  },
  async attach(directory) {
    const engine = await usable()
    if (!engine) return undefined
    await underWay.get(directory)?.catch(() => {})
    return (await containersOf(engine, directory)).length > 0 ? labIn(engine, directory) : undefined
  },
}

/** What this process builds just now: whoever wants to take it down waits until there is all of it, lest some be left. */
const underWay = new Map<string, Promise<void>>()

async function build(engine: Docker, deployment: Deployment): Promise<void> {
  const { plan, directory } = deployment
  const nodes = await Promise.allSettled(
    plan.nodes.map(async (node): Promise<Started> => {
      const links = await asked(engine.createContainer(linksContainer(node, deployment)))
      await asked(links.start())
      const container = await asked(engine.createContainer(nodeContainer(node, links.id, deployment)))
      await asked(container.start())
      await joinImage(engine, node, container, links, directory)
      return { node, pid: (await asked(container.inspect())).State.Pid }
    }),
  )
  const started = nodes.map((each) => {
    if (each.status === 'rejected') throw each.reason
    return each.value
  })
  await help(engine, directory, 'plumbing.sh', plumbing(started, plan.links))
}

/** The engine, if there is one that this user may use. */
const usable = async (): Promise<Docker | undefined> =>
  isThere() ? connect().catch(() => undefined) : undefined

interface Owned extends Found {
  readonly owner: string
}

async function found(engine: Docker): Promise<Owned[]> {
  const all = await listed(engine, label.directory, `${label.user}=${userId()}`)
  const byDirectory = all.map(({ Labels }): [string, Owned] => {
    const directory = Labels[label.directory] ?? ''
    return [directory, { directory, lab: Labels[label.lab] ?? '', owner: Labels[label.owner] ?? '' }]
  })
  return [...new Map(byDirectory).values()]
}

/** Labs whose command was killed, with the watcher, before they could be taken down. */
async function clearAbandoned(engine: Docker): Promise<void> {
  const abandoned = (await found(engine)).filter(({ directory, owner }) => isAbandoned(directory, owner))
  await Promise.all(abandoned.map(({ directory }) => labIn(engine, directory).destroy()))
}
