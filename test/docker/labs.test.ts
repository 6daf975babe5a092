// Labs in containers as users meet them: the verdict, nodes that restart, commands that are killed, and what is not flowlab's.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { label, nameOf, partsImage } from '../../src/backend/docker/containers.ts'
import { connect } from '../../src/backend/docker/engine.ts'
import { cannotDocker } from '../support/docker.ts'
import { refusingEngine } from '../support/engine-proxy.ts'
import { begin, eventually, flowlab, labFile, of, processesOf, temporary } from '../support/labs.ts'
import { verdictOf } from '../support/verdicts.ts'

const reason = await cannotDocker()
const directory = temporary('docker')
const talk = labFile(directory, 'talk')

/** Its run does not end by itself while a test looks at it. */
const small = join(directory, 'small.yaml')
writeFileSync(
  small,
  `name: small
backend: docker
nodes:
  h1: { kind: host, as: 65001 }
  r: { kind: bird, as: 65001 }
  h2: { kind: host, as: 65001 }
links:
  - { endpoints: [h1, r] }
  - { endpoints: [r, h2] }
traffic:
  - { from: h1, to: h2, kind: ping, count: 600, interval: 200ms }
`,
)

let engine: Docker
let foreign: Docker.Container
beforeEach(({ skip }) => skip(reason !== undefined, reason))
beforeAll(async () => {
  if (reason !== undefined) return
  engine = await connect()
  // Somebody else's, with a name and a label that look like flowlab's.
  foreign = await engine.createContainer({
    name: `flowlab-foreign-${process.pid}`,
    Image: partsImage,
    Cmd: ['sleep', '600'],
    Labels: { 'flowlab.lab': 'small', flowlab: 'true' },
    HostConfig: { NetworkMode: 'none' },
  })
  await foreign.start()
})
afterAll(async () => {
  if (!foreign) return
  expect((await foreign.inspect()).State.Running).toBe(true)
  await foreign.remove({ force: true })
})

const containers = async (path: string, node?: string): Promise<Docker.ContainerInfo[]> =>
  engine.listContainers({
    all: true,
    filters: {
      label: [`${label.directory}=${path}`, ...(node === undefined ? [] : [`${label.node}=${node}`])],
    },
  })

/** ms: for a restart whose engine may be silent once, which is waited for 40 s. */
const restartPatience = 240_000

/** What happened in a lab, what its watcher complains of, and both ends of the session that once stayed down. */
const said = (path: string): string =>
  ['timeline.ndjson', 'docker.log', 'nodes/r2/log/bgpd.log', 'nodes/r2/log/pmacctd-edge.log']
    .map((name) => join(path, name))
    .map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''))
    .join('')

const gone = (path: string): Promise<void> =>
  eventually(async () => {
    const left = await containers(path)
    return left.length === 0 ? undefined : left.map(({ Names }) => Names[0]).join(' ')
  })

test.concurrent('routers that are killed and started under traffic: the gap is an event, and nothing else', async () => {
  const file = labFile(directory, 'under-traffic', (draft) => {
    // Generators that ask their receivers first may not survive it.
    draft.traffic = [
      ['h1', 'h16'],
      ['h16', 'h1'],
      ['h1', 'h32'],
      ['h32', 'h1'],
    ].map(([from = '', to = '']) => ({ from, to, kind: 'ping', count: 300, interval: '40ms' }))
    of(draft.probes, 'edge').timeouts = { active: '1s', inactive: '1s' }
  })
  const path = join(directory, 'under-traffic')
  expect(await flowlab(['deploy', file, '--backend', 'docker', '--dir', path])).toMatchObject({ code: 0 })
  const traffic = flowlab(['traffic', '--lab', path])
  const noted = () => said(path)
  await eventually(() => (noted().includes('"what":"start","target":"traffic"') ? undefined : noted()))
  // The probe's own router, once it has exported something, and another.
  await eventually(() =>
    statSync(join(path, 'nodes/r2/log/exported-edge.pcap')).size > 24 ? undefined : 'no exports yet',
  )
  for (const node of ['r2', 'y']) {
    const [found] = await containers(path, node)
    const container = engine.getContainer(found?.Id ?? '')
    await container.kill()
    await container.start()
    await eventually(
      () => (noted().includes(`"event":"node ${node} restart","phase":"settled"`) ? undefined : noted()),
      restartPatience,
    )
  }
  expect(await traffic).toMatchObject({ code: 0 })
  const verdict = verdictOf(await flowlab(['verify', path, '--format', 'json']))
  expect(verdict.findings).toEqual([])
  expect(verdict.events.map(({ target, action }) => `${action} ${target}`)).toEqual([
    'restart node r2',
    'restart node y',
  ])
  // What crossed before is in the account, and what the dead probe did not see is the event's.
  const lost = verdict.books.reduce((sum, { wire, exported }) => sum + wire.packets - exported.packets, 0)
  const booked = verdict.events[0]?.booked.filter(
    ({ stage, table }) => stage === 'metering' && table === undefined,
  )
  expect(lost).toBeGreaterThan(0)
  expect(booked?.reduce((sum, { packets }) => sum + packets, 0)).toBe(lost)
  expect(await flowlab(['destroy', path])).toMatchObject({ code: 0 })
})

test.concurrent('a probe that dies while its node comes back: the node is started again, and it is told', async () => {
  const path = join(directory, 'dies')
  const file = labFile(directory, 'dies', (draft) => (draft.traffic = []))
  expect(await flowlab(['deploy', file, '--backend', 'docker', '--dir', path])).toMatchObject({ code: 0 })
  const r2 = (...argv: string[]) => flowlab(['exec', '--lab', path, 'r2', '--', ...argv])
  const has = (text: string) =>
    eventually(() => (said(path).includes(text) ? undefined : said(path)), restartPatience)
  // The node's own session with the probe is kept down until the probe is dead.
  const barred = 'table inet barred { chain in { type filter hook input priority 0; tcp dport 1790 drop; }; }'
  expect(await r2('bash', '-c', `nft -f - <<<'${barred}'`)).toMatchObject({ code: 0 })
  const [found] = await containers(path, 'r2')
  const container = engine.getContainer(found?.Id ?? '')
  await container.kill()
  await container.start()
  await has('"event":"node r2 restart","phase":"end"')
  expect(await r2('bash', '-c', 'kill -9 $(cat /run/pmacctd-edge.pid)')).toMatchObject({ code: 0 })
  await has('r2: pmacctd-edge of r2 ended with 137 after it was ready')
  // Its container may just be between two lives.
  await eventually(async () => {
    const { code, stderr } = await r2('nft', 'delete', 'table', 'inet', 'barred')
    return code === 0 ? undefined : stderr
  })
  await has('"event":"node r2 restart","phase":"settled"')
  expect(await flowlab(['destroy', path])).toMatchObject({ code: 0 })
})

test.concurrent("the talk's lab is true, though its probe's router restarts and another's process 1 crashes", async () => {
  const path = join(directory, 'run')
  const settled = (node: string) =>
    eventually(() => {
      const lines = said(path)
      return lines.includes(`"event":"node ${node} restart","phase":"settled"`) ? undefined : lines
    }, restartPatience)
  const deployed = await flowlab(['deploy', talk, '--backend', 'docker', '--dir', path])
  expect(deployed).toMatchObject({ code: 0 })
  const [r2] = await containers(path, 'r2')
  const [y] = await containers(path, 'y')
  await engine.getContainer(r2?.Id ?? '').restart({ t: 0 })
  await settled('r2')
  const { State } = await engine.getContainer(y?.Id ?? '').inspect()
  process.kill(State.Pid, 'SIGKILL')
  await settled('y')
  expect(await flowlab(['traffic', '--lab', path])).toMatchObject({ code: 0 })
  const { stdout, stderr } = await flowlab(['verify', path, '--format', 'json'])
  expect(stderr).not.toContain('✘')
  expect(JSON.parse(stdout)).toMatchObject({ pass: true })
  expect(await flowlab(['destroy', path])).toMatchObject({ code: 0 })
  expect(await containers(path)).toEqual([])
  expect(processesOf(path)).toEqual([])
})

describe.concurrent('a lab', () => {
  test('ends with the command that was killed', async () => {
    const path = join(directory, 'killed')
    const started = begin(['run', small, '--dir', path])
    await eventually(() => (started.said().includes('✔ build') ? undefined : started.said()))
    // One a node, and one for its links.
    expect(await containers(path)).toHaveLength(6)
    started.child.kill('SIGKILL')
    expect(await started.ended).toMatchObject({ signal: 'SIGKILL' })
    await gone(path)
  })

  test('whose watcher was killed too is cleared by the next deploy', async () => {
    const path = join(directory, 'abandoned')
    const started = begin(['run', small, '--dir', path])
    await eventually(() => (started.said().includes('✔ build') ? undefined : started.said()))
    const watcher = Number.parseInt(readFileSync(join(path, 'docker.watcher'), 'utf8'), 10)
    process.kill(watcher, 'SIGKILL')
    started.child.kill('SIGKILL')
    expect(await started.ended).toMatchObject({ signal: 'SIGKILL' })
    const next = join(directory, 'next')
    expect(await flowlab(['deploy', small, '--dir', next])).toMatchObject({ code: 0 })
    // Unless it was another test's deploy, which may just be at it.
    await gone(path)
    expect(await flowlab(['destroy', next])).toMatchObject({ code: 0 })
  })

  test('whose run directory is lost is listed, and taken down by its name', async () => {
    const path = join(directory, 'lost')
    expect(await flowlab(['deploy', small, '--dir', path])).toMatchObject({ code: 0 })
    rmSync(path, { recursive: true })
    expect((await flowlab(['inspect', '--all'])).stdout).toMatch(/small +docker .*lost \(lost\)/)
    expect((await flowlab(['destroy', path])).stdout).toContain('its run directory was lost already')
    await gone(path)
  })

  test('whose name for a container is taken says by whom, and leaves nothing', async () => {
    const path = join(directory, 'taken')
    const other = await engine.createContainer({
      name: nameOf('small', 'r', path),
      Image: partsImage,
      Cmd: ['true'],
    })
    const { code, stderr } = await flowlab(['deploy', small, '--dir', path])
    expect(code).toBe(3)
    expect(stderr).toMatch(/a container's name is taken: .*flowlab-small-r-.*\n {2}.*not its own/)
    await gone(path)
    expect((await other.inspect()).State.Status).toBe('created')
    await other.remove()
  })

  test('that the engine does not take down ends the command, and the next deploy clears it', async () => {
    const path = join(directory, 'busy')
    const proxy = await refusingEngine(process.env['DOCKER_HOST'] ?? '', join(directory, 'busy.sock'))
    const started = begin(['run', small, '--dir', path], { env: { DOCKER_HOST: proxy.host } })
    await eventually(() => (started.said().includes('✔ build') ? undefined : started.said()))
    proxy.refuse(/^DELETE \S*\/containers\//)
    started.child.kill('SIGTERM')
    const { code, stderr } = await started.ended
    expect([code, stderr]).toEqual([143, expect.stringMatching(/engine refuses: .*busy/)])
    expect((await containers(path)).length).toBeGreaterThan(0)
    await proxy.close()
    const next = join(directory, 'after-busy')
    expect(await flowlab(['deploy', small, '--dir', next])).toMatchObject({ code: 0 })
    await gone(path)
    expect(await flowlab(['destroy', next])).toMatchObject({ code: 0 })
  })

  test('whose node the engine does not bring back at once is gone about again', async () => {
    const path = join(directory, 'insisting')
    const proxy = await refusingEngine(process.env['DOCKER_HOST'] ?? '', join(directory, 'late.sock'))
    const through = { env: { DOCKER_HOST: proxy.host } }
    expect(await flowlab(['deploy', small, '--dir', path], through)).toMatchObject({ code: 0 })
    const noted = () =>
      ['timeline.ndjson', 'docker.log'].map((name) => readFileSync(join(path, name), 'utf8')).join('')
    // The helper that lays the links down, what runs on the node, and the helper that brings the links up.
    proxy.refuse(/^(?:POST \S*\/containers\/create|GET \S*\/top)/, 3)
    const [r] = await containers(path, 'r')
    await engine.getContainer(r?.Id ?? '').restart({ t: 0 })
    await eventually(() =>
      noted().includes('"event":"node r restart","phase":"settled"') ? undefined : noted(),
    )
    expect(noted()).toMatch(/r: the container engine refuses: .*busy/)
    expect(await flowlab(['destroy', path])).toMatchObject({ code: 0 })
    await proxy.close()
  })
})
