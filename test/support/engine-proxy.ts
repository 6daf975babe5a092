// An engine that is asked through a socket of its own, and refuses to remove containers from some moment on: what an engine does whose
// file system is busy.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface RefusingEngine {
  /** As DOCKER_HOST has it. */
  readonly host: string
  readonly refuse: () => void
  readonly close: () => Promise<void>
}

const body = JSON.stringify({ message: 'failed to remove root filesystem: device or resource busy' })
const refusal = `HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

export async function refusingRemoval(engine: string, socket: string): Promise<RefusingEngine> {
  let refuses = false
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
      if (refuses && /^DELETE \S*\/containers\//.test(data.toString('latin1'))) client.write(refusal)
      else behind.write(data)
    })
  }).listen(socket)
  await once(server, 'listening')
  return {
    host: `unix://${socket}`,
    refuse: () => void (refuses = true),
    async close() {
      server.close()
      for (const each of open) each.destroy()
    },
  }
}
