// New lines of a file that grows: each look goes on where the one before ended.

import { open } from 'node:fs/promises'

/** Octets that are read at once; a longer line is passed over. */
const most = 4 * 1024 * 1024
const newline = 10

/**
 * Gives lines that have come since the last call, whole ones only, and none where there are no more; of what is there already at
 * most the last `before` octets. A file that has become shorter is another one.
 */
export function tail(path: string, before: number): () => Promise<string[]> {
  let at = -1
  /** Whether `at` is within a line. */
  let isWithin = false
  return async () => {
    const file = await open(path, 'r').catch(() => undefined)
    if (!file) return []
    try {
      const { size } = await file.stat()
      if (at < 0) [at, isWithin] = [Math.max(0, size - before), size > before]
      if (size < at) [at, isWithin] = [0, false]
      if (size === at) return []
      const buffer = Buffer.alloc(Math.min(most, size - at))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
      const whole = buffer.lastIndexOf(newline, bytesRead - 1) + 1
      const lines = buffer.toString('utf8', 0, whole).split('\n')
      if (whole > 0) {
        at += whole
        if (isWithin) lines.shift()
        isWithin = false
      } else if (bytesRead === most) {
        at += bytesRead
        isWithin = true
      }
      return lines.filter(Boolean)
    } finally {
      await file.close()
    }
  }
}
