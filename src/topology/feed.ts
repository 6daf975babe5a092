// What a feeder announces, from a file: a list of prefixes or a table in MRT, either may be compressed by gzip.
import { gunzipSync } from 'node:zlib'
import { readList } from './feed/list.ts'
import { isMrt, readMrt } from './feed/mrt.ts'

/** Of the file, in bytes, before and after decompression; and routes in it. */
export const feedLimits = { bytes: 1 << 28, expanded: 1 << 30, routes: 2_000_000 }

/**
 * Prefixes with their paths, each prefix once, as `198.51.100.0/24 65010 65020`.
 * @throws RangeError where the content is none or too much; Error of zlib where it cannot be decompressed.
 */
export function readFeed(content: Buffer): string[] {
  const isGzip = content[0] === 0x1f && content[1] === 0x8b
  const bytes = isGzip ? gunzipSync(content, { maxOutputLength: feedLimits.expanded }) : content
  const found = new Map<string, string>()
  for (const route of isMrt(bytes) ? readMrt(bytes) : readList(bytes.toString('utf8'))) {
    const prefix = route.split(' ', 1)[0] ?? ''
    if (!found.has(prefix)) found.set(prefix, route)
    if (found.size > feedLimits.routes)
      throw new RangeError(`expected up to ${feedLimits.routes} routes, found more`)
  }
  return [...found.values()]
}
