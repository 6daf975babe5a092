// A program in a container has the looks of a child process: it ends, whatever becomes of its container, and what it said is not lost.
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Streams } from '../../src/backend.ts'
import { partsImage } from '../../src/backend/docker/containers.ts'
import { connect } from '../../src/backend/docker/engine.ts'
import { execute } from '../../src/backend/docker/exec.ts'
import { cannotDocker } from '../support/docker.ts'
import { eventually } from '../support/labs.ts'

const reason = await cannotDocker()

let containers: Docker.Container[] = []
beforeEach(({ skip }) => skip(reason !== undefined, reason))
beforeAll(async () => {
  if (reason !== undefined) return
  const engine = await connect()
  const make = async (of: string, shared: Docker.HostConfig): Promise<Docker.Container> => {
    const container = await engine.createContainer({
      name: `exec-${of}-${process.pid}`,
      Image: partsImage,
      Entrypoint: ['bash', '--norc', '-c', 'while :; do sleep infinity & wait; done'],
      Cmd: [],
      HostConfig: { NetworkMode: 'none', ...shared },
    })
    await container.start()
    containers.push(container)
    return container
  }
  // As a node and what keeps its links.
  const { id } = await make('links', {})
  await make('node', { NetworkMode: `container:${id}`, PidMode: `container:${id}` })
})
afterAll(async () => void (await Promise.all(containers.map((each) => each.remove({ force: true })))))

test('a program ends though its container dies before it begins, while it runs, or just when it ends', async () => {
  const [, node] = containers as [Docker.Container, Docker.Container]
  const over = new AbortController()
  let [begun, ended] = [0, 0]
  const programs = async (): Promise<void> => {
    while (!over.signal.aborted) {
      begun++
      const program = execute(node, ['sleep', String(begun % 3 === 0 ? 0.2 : 0)], 'ignore')
      await new Promise((resolve) => program.once('close', resolve).once('error', resolve))
      ended++
    }
  }
  const all = Promise.all(Array.from({ length: 6 }, programs))
  for (let nth = 0; nth < 15; nth++) {
    await sleep(nth * 20)
    await node.restart({ t: 0 })
  }
  over.abort()
  await eventually(async () => (ended === begun ? undefined : `${ended} of ${begun} programs have ended`))
  await all
  expect(begun).toBeGreaterThan(24)
})

test('what it said is there for a reader who comes when it has ended long ago', async () => {
  const [links] = containers as [Docker.Container]
  const streams: Streams = ['ignore', 'pipe', 'ignore']
  // More than the stream takes that nobody reads, less than the engine.
  const program = execute(links, ['seq', '1', '20000'], streams)
  await once(program.stdout as Readable, 'readable')
  const runs = async () => JSON.stringify((await links.top()) as unknown).includes('seq 1 20000')
  await eventually(async () => ((await runs()) ? 'it runs' : undefined))
  let last = ''
  program.stdout?.on('data', (data: Buffer) => (last = (last + data.toString()).slice(-100)))
  expect(await once(program, 'close')).toEqual([0, null])
  expect(last).toMatch(/\n20000\n$/)
})
