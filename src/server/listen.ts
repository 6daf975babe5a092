// Opens the server: on loopback, or on an address that was asked for, then with a token. Few connections, short patience.

import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { isIP } from 'node:net'
import { socketAddress } from '../kernel/address.ts'
import { createApp, type Serving } from './app.ts'
import { openArchives } from './archives.ts'
import { newToken } from './guard.ts'
import { createLive } from './live.ts'

export interface Listening {
  /** To be opened in a browser; with the token, where there is one. */
  readonly url: string
  readonly server: Server
  readonly close: () => Promise<void>
}

const loopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

/** Of one address nobody needs more. */
const mostConnections = 256

/** `port` 0: one that is free. Throws the system's error where it cannot be had. */
export async function listen(
  serving: Omit<Serving, 'token' | 'archives' | 'live'>,
  { address = '127.0.0.1', port = 0 }: { readonly address?: string; readonly port?: number },
): Promise<Listening> {
  const token = loopback(address) ? undefined : newToken()
  const archives = openArchives()
  const live = createLive(serving.runs)
  const app = createApp({ ...serving, archives, live, ...(token === undefined ? {} : { token }) })
  const server = createServer(
    {
      ...{ requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 16 * 1024 },
      // By default Node looks every 30 s who has gone beyond these.
      connectionsCheckingInterval: 1_000,
    },
    // oxlint-disable-next-line typescript/no-misused-promises
    getRequestListener(app.fetch),
  )
  server.maxConnections = mostConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => resolve())
  })
  const { port: given } = server.address() as AddressInfo
  const shown = isIP(address) === 0 ? `${address}:${given}` : socketAddress(address, given)
  return {
    url: `http://${shown}/${token === undefined ? '' : `?token=${token}`}`,
    server,
    close: () =>
      new Promise((resolve) => {
        live.close()
        server.close(() => void archives.close().then(resolve))
        server.closeAllConnections()
      }),
  }
}
