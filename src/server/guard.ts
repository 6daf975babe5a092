// Who is answered, and with which headers. A page of another site can neither read answers (no CORS) nor pass for this one under a
// name of its own (DNS rebinding: the Host header must be an address or a name of this machine); beyond loopback whoever asks
// must know the token.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { MiddlewareHandler } from 'hono'
import { Refusal } from './refusal.ts'

export const newToken = (): string => randomBytes(24).toString('base64url')

/** By default nothing is loaded from elsewhere, no other page may frame this one, and no type is guessed. */
const headers = {
  'Content-Security-Policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
} as const

const cookie = 'flowlab-token'
const maxAge = 7 * 24 * 3600

/** `token`: absent where only this machine can ask. */
export function guard(token: string | undefined): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
    if (!isOwnName(context.req.header('host')))
      throw new Refusal(421, { error: 'the Host header names another machine', remedy: 'ask by address' })
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD')
      throw new Refusal(403, { error: 'nothing can be changed here', remedy: 'only GET is answered' })
    const site = context.req.header('sec-fetch-site')
    if (site === 'cross-site' && context.req.path.startsWith('/api/'))
      throw new Refusal(403, { error: 'a page of another site asks' })
    if (token !== undefined) {
      const given = context.req.query('token')
      if (given !== undefined && isSame(given, token)) {
        const rest = new URL(context.req.url)
        rest.searchParams.delete('token')
        context.header(
          'Set-Cookie',
          `${cookie}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}`,
        )
        return context.redirect(`${rest.pathname}${rest.search}`, 303)
      }
      if (!known(context.req.header('cookie'), context.req.header('authorization'), token))
        throw new Refusal(401, {
          error: 'the token is missing or wrong',
          remedy: 'open the address that flowlab ui printed, or send Authorization: Bearer TOKEN',
        })
    }
    return next()
  }
}

function isOwnName(host: string | undefined): boolean {
  const name = /^(?:\[([0-9a-f:.]+)\]|([^:]+))(?::\d+)?$/i.exec(host ?? '')
  const [, six, other = ''] = name ?? []
  if (six !== undefined) return isIP(six) === 6
  return isIP(other) === 4 || ['localhost', hostname().toLowerCase()].includes(other.toLowerCase())
}

function known(cookies = '', authorization = '', token: string): boolean {
  const bearer = /^Bearer (\S+)$/i.exec(authorization)?.[1]
  const kept = cookies
    .split(';')
    .map((each) => each.trim().split('='))
    .find(([name]) => name === cookie)?.[1]
  return [bearer, kept].some((each) => each !== undefined && isSame(each, token))
}

/** In a time that tells nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
