// An engine that is asked through a socket of its own, and refuses what it is asked for from some moment on: what an engine does whose
// file system is busy.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface RefusingEngine {
  /** As DOCKER_HOST has it. */
  readonly host: string
  /** Requests that begin so, from now on, or so many of them. */
  readonly refuse: (request: RegExp, times?: number) => void
  /** The same, without a word. */
  readonly ignore: (request: RegExp, times?: number) => void
  readonly close: () => Promise<void>
}

const body = JSON.stringify({ message: 'failed to remove root filesystem: device or resource busy' })
const refusal = `HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

export async function refusingEngine(engine: string, socket: string): Promise<RefusingEngine> {
  let [refused, left, answer] = [/^$/, 0, '']
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const behind = connect(engine.replace('unix://', ''))
    for (const each of [client, behind]) {
      open.add(each)
      each.on('error', () => {})
      each.once('close', () => {
        open.delete(each)
        client.destroy()
        behind.destroy()
      })
    }
    behind.pipe(client)
    client.on('data', (data) => {
      if (left > 0 && refused.test(data.toString('latin1'))) {
        left--
        client.write(answer)
      } else behind.write(data)
    })
  }).listen(socket)
  await once(server, 'listening')
  return {
    host: `unix://${socket}`,
    refuse: (request, times = Infinity) => void ([refused, left, answer] = [request, times, refusal]),
    ignore: (request, times = Infinity) => void ([refused, left, answer] = [request, times, '']),
    async close() {
      server.close()
      for (const each of open) each.destroy()
    },
  }
}
