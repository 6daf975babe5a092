// The page's files, from the package: known by name when the server begins, so that no path is made of what is asked. Each is
// compressed once, when it is first asked for. Every address that is no file's and none of the API's is a view of the page.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

/** Where the build leaves the page: beside the bundle, or seen from the source. */
const folder = (): string | undefined =>
  ['web', '../web', '../../dist/web']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(join(path, 'index.html')))

interface Served {
  readonly plain: Buffer
  readonly br?: Buffer
  readonly gzip?: Buffer
  readonly tag: string
}

async function load(path: string): Promise<Served> {
  const plain = await readFile(path)
  const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 16)}"`
  if (!/\.(html|js|css|svg|json|webmanifest)$/.test(path)) return { plain, tag }
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 8 } }),
    promisify(gzip)(plain, { level: 9 }),
  ])
  return { plain, br, gzip: gz, tag }
}

export function page(): MiddlewareHandler {
  const home = folder()
  const files = new Map(
    (home === undefined ? [] : readdirSync(home, { recursive: true, withFileTypes: true })).flatMap(
      (entry) => {
        const path = join(entry.parentPath, entry.name)
        return entry.isFile() && home !== undefined ? [[path.slice(home.length), path] as const] : []
      },
    ),
  )
  const kept = new Map<string, Promise<Served>>()
  return async (context, next) => {
    const asked = context.req.path
    if (asked.startsWith('/api/')) return next()
    const isFile = files.has(asked)
    // A file that is not there is none; a view has no extension.
    if (!isFile && /\/assets\/|\.(js|css|map|png|svg|ico|json|woff2)$/.test(asked)) return next()
    const name = isFile ? asked : '/index.html'
    const path = files.get(name)
    if (path === undefined) return next()
    let found = kept.get(name)
    if (!found) kept.set(name, (found = load(path)))
    const { plain, tag, ...packed } = await found
    context.header('ETag', tag)
    context.header('Vary', 'Accept-Encoding')
    // The build puts a hash into the names of its assets.
    context.header(
      'Cache-Control',
      name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
    if (context.req.header('if-none-match') === tag) return context.body(null, 304)
    const accepted = context.req.header('accept-encoding') ?? ''
    const encoding = (['br', 'gzip'] as const).find(
      (each) => packed[each] && new RegExp(`\\b${each}\\b`).test(accepted),
    )
    if (encoding) context.header('Content-Encoding', encoding)
    context.header('Content-Type', types[extname(name)] ?? 'application/octet-stream')
    return context.body(new Uint8Array((encoding && packed[encoding]) ?? plain))
  }
}
