// What the capture reader makes of a file, collected into plain values that tests can compare.
import { type CaptureOptions, type CaptureStats, readCapture } from '../../src/capture/capture.ts'
import type { CaptureProblem } from '../../src/capture/problem.ts'

export interface Captured {
  /** `seconds.nanoseconds source:port > destination:port payload-in-hex`, one a datagram. */
  readonly datagrams: string[]
  readonly segments: { octets: Buffer; lost: number; first: boolean; last: boolean; stream: number }[]
  readonly problems: CaptureProblem[]
  readonly stats: CaptureStats
}

/** Reads a file that comes in chunks of `size` octets. */
export async function captured(
  file: Uint8Array,
  size = file.length,
  options: CaptureOptions = {},
): Promise<Captured> {
  // Like a file's, all chunks share one buffer, so that whoever keeps a view of one is found out.
  async function* chunks() {
    const buffer = new Uint8Array(size)
    for (let at = 0; at < file.length; at += size) {
      const part = file.subarray(at, at + size)
      buffer.fill(0xee)
      buffer.set(part)
      yield buffer.subarray(0, part.length)
    }
  }
  const datagrams: string[] = []
  const segments: Captured['segments'] = []
  const problems: CaptureProblem[] = []
  const stats = await readCapture(chunks(), options, {
    datagram(d) {
      const time = `${d.seconds}.${String(d.nanoseconds).padStart(9, '0')}`
      const payload = Buffer.from(d.payload).toString('hex')
      datagrams.push(
        `${time} ${d.sourceAddress}:${d.sourcePort} > ${d.destinationAddress}:${d.destinationPort} ${payload}`,
      )
    },
    segment({ payload, lost, first, last, stream }) {
      segments.push({ octets: Buffer.from(payload), lost, first, last, stream })
      return true
    },
    problem: (problem) => problems.push(problem),
  })
  return { datagrams, segments, problems, stats }
}
