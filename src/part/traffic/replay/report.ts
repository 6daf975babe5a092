// What tcpreplay says when it has ended: its own count of frames.

import type { Volume } from '../../../kernel/units.ts'

/** Packets, and their bytes of layer 3: tcpreplay counts Ethernet's 14 with them. Throws where packets failed, or nothing is said. */
export function parseReport(text: string): Volume {
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(text)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const packets = number(/^Actual: (\d+) packets/m)
  const bytes = number(/^Actual: \d+ packets \((\d+) bytes\)/m)
  if (packets === undefined || bytes === undefined) throw new Error('tcpreplay gave no count of its packets')
  const failed = number(/Failed packets:\s+(\d+)/) ?? 0
  if (failed > 0) throw new Error(`tcpreplay could not send ${failed} of its packets`)
  return { packets, bytes: bytes - 14 * packets }
}
