// New lines of a file that grows.

import { open } from 'node:fs/promises'

/** Octets that are read at once; a longer line is passed over. */
const most = 4 * 1024 * 1024

/** Gives the lines that have come since the last call, whole ones only; of what is there already at most the last `before` octets. */
export function tail(path: string, before: number): () => Promise<string[]> {
  let at = -1
  let rest = ''
  return async () => {
    const file = await open(path, 'r').catch(() => undefined)
    if (!file) return []
    try {
      const { size } = await file.stat()
      const skipped = at < 0 && size > before
      if (at < 0) at = Math.max(0, size - before)
      if (size < at) [at, rest] = [0, '']
      const buffer = Buffer.alloc(Math.min(most, size - at))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
      at += bytesRead
      const lines = (rest + buffer.subarray(0, bytesRead).toString('utf8')).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > most) rest = ''
      if (skipped) lines.shift()
      return lines.filter(Boolean)
    } finally {
      await file.close()
    }
  }
}
