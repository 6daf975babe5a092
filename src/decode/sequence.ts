// Sequence numbers: what they tell of lost, late and repeated messages, for every protocol. They differ in what they
// count (SequenceStats); here it is only "this message begins at `found` and holds `units`".
import type { SequenceEvent } from './report.ts'
import type { SequenceStats } from './stats.ts'

/** Leaps forward beyond this are no loss: the exporter began anew, or is another one. */
const LONGEST_GAP = 1 << 24
/** Steps back beyond this are no reordering. */
const LONGEST_DELAY = 1 << 16
/** So many late messages in a row, each following on the other, are an exporter that began anew. */
const LATE_RUN = 8
/** So many messages are remembered to tell a repeated one from a late one: a power of 2. */
const REMEMBERED = 32

type Finding = Pick<SequenceEvent, 'what' | 'expected' | 'found' | 'lost'>

/** Follows the 32-bit sequence numbers of one observation domain. */
export class Sequence {
  /** Whether `expected` is known. Both numbers are kept as signed: an engine keeps those without allocating. */
  private judging = false
  private expected = 0
  private afterLate = 0
  private lateRun = 0
  private readonly recent = new Int32Array(REMEMBERED)
  private seen = 0
  private readonly stats: SequenceStats

  constructor(stats: SequenceStats) {
    this.stats = stats
  }

  /**
   * Takes the next message: its number, how many units it holds (undefined if that is unknown, so that the next message
   * is not judged), and whether the exporter is known to have restarted (its uptime went back). Returns what is amiss.
   */
  advance(found: number, units: number | undefined, restarted = false): Finding | undefined {
    if (!this.judging || (found | 0) === this.expected) {
      this.follow(found, units)
      return undefined
    }
    const expected = this.expected >>> 0
    const ahead = (found - expected) >>> 0
    const behind = (expected - found) >>> 0
    if (!restarted && ahead <= LONGEST_GAP) {
      this.stats.gaps++
      this.stats.lost += ahead
      this.follow(found, units)
      return { what: 'gap', expected, found, lost: ahead }
    }
    if (!restarted && found !== 0 && behind <= LONGEST_DELAY) {
      if (this.recent.subarray(0, Math.min(this.seen, REMEMBERED)).includes(found | 0)) {
        this.stats.duplicates++
        return { what: 'duplicate', expected, found, lost: 0 }
      }
      this.lateRun = this.lateRun > 0 && (found | 0) === this.afterLate ? this.lateRun + 1 : 1
      this.afterLate = (found + (units ?? 0)) | 0
      if (this.lateRun < LATE_RUN) {
        this.stats.reordered++
        this.stats.lost = Math.max(0, this.stats.lost - (units ?? 0))
        this.remember(found)
        return { what: 'reordered', expected, found, lost: 0 }
      }
    }
    this.stats.resets++
    this.seen = 0
    this.follow(found, units)
    return { what: 'reset', expected, found, lost: 0 }
  }

  /** Begins anew: the next message is not judged. */
  begin(): void {
    this.judging = false
    this.seen = 0
    this.lateRun = 0
  }

  private follow(found: number, units: number | undefined): void {
    this.judging = units !== undefined
    this.expected = (found + (units ?? 0)) | 0
    this.lateRun = 0
    this.remember(found)
  }

  private remember(found: number): void {
    this.recent[this.seen & (REMEMBERED - 1)] = found
    this.seen = (this.seen + 1) & 0x3fffffff
  }
}
