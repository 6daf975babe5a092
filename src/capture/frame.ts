// A captured frame, and the port between the file formats (pcap.ts, pcapng.ts) and the reader that feeds them (reader.ts).
import type { CaptureProblem } from './problem.ts'

/** One captured frame. There is one object for all frames of a reader: valid during the call that hands it over. */
export interface Frame {
  /** Whole Unix seconds, and nanoseconds within the second. */
  seconds: number
  nanoseconds: number
  /** LINKTYPE_ value of the interface. */
  linkType: number
  /** The frame lies in octets `start` to `end` (exclusive) of this. */
  bytes: Uint8Array
  start: number
  end: number
  /** Octets that the frame had on the wire; more than were captured if a snapshot length cut it. */
  wireLength: number
  /** Where in the file its record begins. */
  offset: number
}

export const createFrame = (): Frame => ({
  seconds: 0,
  nanoseconds: 0,
  linkType: 0,
  bytes: new Uint8Array(0),
  start: 0,
  end: 0,
  wireLength: 0,
  offset: 0,
})

/** What a format calls for what it finds. */
export interface FrameSink {
  frame(frame: Frame): void
  /** A problem that costs one record. */
  problem(problem: CaptureProblem): void
}

/** A window of the file: `to` octets of `bytes` are there, the first of them being octet `base` of the file. */
export interface Window {
  bytes: Uint8Array
  view: DataView
  to: number
  base: number
}

/** One file format. */
export interface Format {
  readonly name: string
  /**
   * Reads the whole records that lie from octet `from` of the window on, and returns where the first incomplete one begins.
   * @throws CaptureError where the file cannot be followed any further
   */
  read(window: Window, from: number): number
  /** What the record that begins at the end of the file is, and what is missing: for the report of a truncated file. */
  incomplete(window: Window, from: number): { path: string; expected: string }
}
