// Whose programs run on a node, and whose files its run leaves: a node's own image, in which is nothing of flowlab's, and a user who
// may use the engine's socket and no more.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { beforeEach, expect, test } from 'vitest'
import { partsImage } from '../../src/backend/docker/containers.ts'
import { docker } from '../../src/backend/docker/docker.ts'
import { connect, socketPath } from '../../src/backend/docker/engine.ts'
import { cannotDocker } from '../support/docker.ts'
import { reachEachOther } from '../support/frr01.ts'
import { flowlab, labFile, temporary } from '../support/labs.ts'
import { otherUser } from '../support/users.ts'

const reason = await cannotDocker()
const directory = temporary('images')
beforeEach(({ skip }) => skip(reason !== undefined, reason))

/** An image of a shell, two programs and their libraries, and a file that is nowhere else. */
async function minimalImage(name: string): Promise<void> {
  const root = join(directory, 'root')
  mkdirSync(join(root, 'bin'), { recursive: true })
  mkdirSync(join(root, 'etc'))
  for (const program of ['dash', 'cat', 'sleep']) {
    cpSync(`/bin/${program}`, join(root, 'bin', program))
    const libraries = execFileSync('ldd', [`/bin/${program}`], { encoding: 'utf8' }).match(/\/\S+/g) ?? []
    for (const library of libraries) cpSync(library, join(root, library), { dereference: true })
  }
  symlinkSync('dash', join(root, 'bin/sh'))
  writeFileSync(join(root, 'etc/whose'), "the image's\n")
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n')
  const tar = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 2 ** 26 })
  const [repo = '', tag] = name.split(':')
  const engine = await connect()
  await text(await engine.importImage(Readable.from([tar]), { repo, tag, changes: 'CMD ["sh"]' }))
}

test("a node's own image has its programs run, flowlab's are beside them, and restarts keep both", async () => {
  await minimalImage('flowlab-test/minimal:1')
  const lab = join(directory, 'lab.yaml')
  const path = join(directory, 'run')
  writeFileSync(
    lab,
    `name: own-image
backend: docker
nodes:
  h1:
    kind: host
    as: 65001
    image: flowlab-test/minimal:1
    env: { WHO: "it's $me" }
    exec: ["sh -c 'cat /etc/whose >/tmp/said; echo $WHO >>/tmp/said'"]
  r: { kind: bird, as: 65001, image: "flowlab-test/minimal:1" }
links:
  - { endpoints: [h1, r] }
`,
  )
  const on = async (...argv: string[]) => (await flowlab(['exec', '--lab', path, ...argv])).stdout
  expect(await flowlab(['deploy', lab, '--dir', path])).toMatchObject({ code: 0 })
  try {
    expect(await on('h1', '--', 'cat', '/tmp/said')).toBe("the image's\nit's $me\n")
    expect(await on('h1', '--', 'ip', '-o', 'link')).toContain('eth0')
    expect(await on('r', '--', 'birdc', 'show', 'status')).toContain('Daemon is up and running')
    expect(await flowlab(['restart', 'h1', '--lab', path])).toMatchObject({ code: 0 })
    expect(await on('h1', '--', 'sh', '-c', 'cat /etc/whose /tmp/said')).toBe(
      "the image's\nthe image's\nit's $me\n",
    )
    expect(await on('h1', '--', 'ping', '-c', '1', '-w', '5', '10.0.0.2')).toContain('1 received')
  } finally {
    expect(await flowlab(['destroy', path])).toMatchObject({ code: 0 })
  }
  const engine = await connect()
  await engine.getImage('flowlab-test/minimal:1').remove()
})

const tiny = join(directory, 'tiny.yaml')
writeFileSync(
  tiny,
  `name: tiny
nodes: { h1: { kind: host, as: 65001 }, r: { kind: bird, as: 65001 } }
links: [{ endpoints: [h1, r] }]
`,
)

test('a user who may only use the socket can read what a lab writes, and remove what it leaves', async ({
  skip,
}) => {
  const user = otherUser('any')
  if ('reason' in user) {
    skip(user.reason)
    return
  }
  skip(process.env['FLOWLAB_TEST_ENGINE'] === undefined, 'the engine is not the tests’ own')
  chmodSync(dirname(socketPath()), 0o711)
  chmodSync(socketPath(), 0o666)
  const place = join(directory, 'theirs')
  mkdirSync(place)
  chownSync(place, user.uid, user.gid)
  const lab = labFile(place, 'talk')
  const path = join(place, 'run')
  const call = { through: user.through, env: { HOME: place } }
  expect(await flowlab(['deploy', lab, '--backend', 'docker', '--dir', path], call)).toMatchObject({
    code: 0,
  })
  expect(await flowlab(['destroy', path], call)).toMatchObject({ code: 0 })
  const left = readdirSync(path, { recursive: true, encoding: 'utf8' })
  expect(left).toContain('nodes/r2/log/pmacctd-edge.log')
  expect(left.filter((each) => lstatSync(join(path, each)).uid !== user.uid)).toEqual([])

  // Theirs are all that `--all` takes down, their run directory lost or not.
  const [lost, mine] = [join(place, 'lost'), join(directory, 'mine')]
  const deployed = await Promise.all([
    flowlab(['deploy', tiny, '--backend', 'docker', '--dir', lost], call),
    flowlab(['deploy', tiny, '--backend', 'docker', '--dir', mine]),
  ])
  expect(deployed).toMatchObject([{ code: 0 }, { code: 0 }])
  rmSync(lost, { recursive: true })
  expect((await flowlab(['inspect', '--all'], call)).stdout).toMatch(/^tiny +docker .*theirs\/lost \(lost\)/m)
  const { stdout } = await flowlab(['destroy', '--all'], call)
  expect(stdout).toBe('tiny is down; its run directory was lost already\n')
  expect((await flowlab(['exec', '--lab', mine, 'h1', '--', 'ping', '-c', '1', '10.0.0.2'])).code).toBe(0)
  expect(await flowlab(['destroy', mine])).toMatchObject({ code: 0 })
})

test('frr01 of containerlab, imported: its PCs reach each other, each node of the image that it names', async () => {
  const engine = await connect()
  const names = ['quay.io/frrouting/frr:10.5.1', 'wbitt/network-multitool:3.22.2']
  // No registry is asked: what these images have in them flowlab's has too.
  for (const name of names) {
    const [repo = '', tag = ''] = name.split(':')
    await engine.getImage(partsImage).tag({ repo, tag })
  }
  const place = join(directory, 'clab')
  mkdirSync(place)
  await reachEachOther(docker, place)
  for (const name of names) await engine.getImage(name).remove()
})

test('the image is the same to the byte when it is made again', async ({ skip }) => {
  skip(process.env['FLOWLAB_TEST_LONG'] === undefined, 'it takes two minutes: FLOWLAB_TEST_LONG=1')
  const digests = []
  for (const _ of [1, 2]) {
    const { stdout } = await flowlab(['image', 'build', '--force'])
    digests.push(/sha256:[\da-f]{64}/.exec(stdout)?.[0])
  }
  expect(digests[0]).toBeDefined()
  expect(digests[1]).toBe(digests[0])
})
