// Follows the sequence of a domain, and sees restarts by the uptime where the header has one.
import { sequenceUnits } from '../stats.ts'
import type { Source } from './source.ts'

/** A start this much later (ms) than the header before said is a restart, not the clock's drift. */
const LATER_START = 10_000

/** Takes the message's sequence number, `units` being what it counts; reports what is amiss. */
export function advance({ context, domain, message }: Source, units: number | undefined): void {
  const { sequence, exportSeconds, sysUptime } = message
  let restarted = false
  if (sysUptime !== undefined && exportSeconds !== undefined) {
    // Modulo 2^32, so that the uptime's wrap does not show.
    const started = (exportSeconds * 1000 + Math.floor(message.exportNanoseconds / 1e6) - sysUptime) >>> 0
    restarted = domain.started !== undefined && ((started - domain.started) | 0) > LATER_START
    domain.started = started
  }
  if (sequence === undefined) return
  const finding = domain.sequence.advance(sequence, units, restarted)
  if (finding) context.event({ type: 'sequence', unit: sequenceUnits[message.protocol], ...finding, message })
}
