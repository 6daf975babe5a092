// What the command says where the container engine is absent or refuses. It is the engine's answers that are made up here, in
// the words of Docker Engine 20.10, not ours; what works is tested on a real one in test/docker.
import { createServer, type RequestListener, type Server } from 'node:http'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { flowlab, isRoot, labFile, temporary } from './support/labs.ts'
import { otherUser } from './support/users.ts'

const directory = temporary('engine')
const lab = labFile(directory, 'talk')
const socket = join(directory, 'engine.sock')
const run = (path: string, through: readonly string[] = [], host = `unix://${socket}`) =>
  flowlab(['run', lab, '--backend', 'docker', '--dir', join(directory, path)], {
    env: { DOCKER_HOST: host },
    through,
  })

let server: Server | undefined
afterEach(() => void server?.close())

type Answer = readonly [status: number, body: unknown]

/** An engine that answers as it is told: by method and the path's end, the first that matches. */
async function engine(answers: Readonly<Record<string, Answer>>): Promise<void> {
  const all = { 'GET /version': [200, { Version: '20.10.24', ApiVersion: '1.41' }] as Answer, ...answers }
  const listener: RequestListener = (request, response) => {
    const asked = `${request.method} ${request.url?.split('?')[0]}`
    const [, [status, body]] = Object.entries(all).find(([key]) => asked.endsWith(key)) ?? [
      '',
      [200, []] as Answer,
    ]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(socket, resolve))
}

describe('a run in containers', () => {
  test('where there is no engine says how to get one', async () => {
    expect(await run('absent')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /no container engine answers at .*engine\.sock\n.*docker\.io.*DOCKER_HOST/,
      ),
    })
    expect(existsSync(join(directory, 'absent'))).toBe(false)
  })

  test('on another machine says that it must be on this one', async () => {
    expect(await run('remote', [], 'tcp://192.0.2.1:2375')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('expected unix:///path'),
    })
  })

  test('where the user may not use the engine says which group may', async ({ skip }) => {
    const user = otherUser('any')
    skip(!isRoot, 'only root can be somebody else')
    if ('reason' in user) {
      skip(user.reason)
      return
    }
    await engine({})
    // Root's own socket, mode 755: connecting takes the right to write.
    expect(await run('forbidden', user.through)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/this user may not use the container engine .*\n.*usermod -aG docker/),
    })
  })

  test('on an old engine says how old it may be', async () => {
    await engine({ 'GET /version': [200, { Version: '19.03.8', ApiVersion: '1.40' }] })
    expect(await run('old')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/too old: version 19\.03\.8, API 1\.40\n {2}Docker Engine 20\.10/),
    })
  })

  test('without the image says how to make it', async () => {
    await engine({ '/json': [404, { message: 'No such image: flowlab/parts:latest' }] })
    expect(await run('imageless')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /lacks an image: No such image: flowlab\/parts:latest\n.*flowlab image build/,
      ),
    })
    expect(existsSync(join(directory, 'imageless'))).toBe(false)
  })

  test('on a full disk says whose', async () => {
    await engine({
      'POST /containers/create': [
        500,
        { message: 'mkdir /var/lib/docker/overlay2/0a1b: no space left on device' },
      ],
    })
    expect(await run('full')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/disk is full: .*no space left.*\n.*docker system df/),
    })
  })
})

test('an engine that cannot be used has no labs, and does not hide the others', async () => {
  writeFileSync(socket, '')
  const { code, stdout } = await flowlab(['inspect', '--all', '--format', 'json'], {
    env: { DOCKER_HOST: `unix://${socket}` },
  })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toBeInstanceOf(Array)
})
