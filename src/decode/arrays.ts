// Typed arrays that are written side by side, cut from one buffer. Arrays of equal length that are allocated one by one
// all begin at the same place of a memory page, and so compete for the same lines of the processor's cache: writing 16
// such columns row by row takes a third longer (bench/decode.ts).

/** A constructor of typed arrays. */
interface ArrayType<Typed> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer, offset: number, length: number): Typed
}

const LINE = 64

/** Octets to have at hand for so many arrays that have `octets` together. */
export const octetsFor = (arrays: number, octets: number): number => octets + arrays * 2 * LINE

/** Cuts arrays from a buffer of its own. */
export class Arrays {
  private readonly buffer: ArrayBuffer
  private next = 0

  /** `octets` of room; see `octetsFor`. */
  constructor(octets: number) {
    this.buffer = new ArrayBuffer(octets)
  }

  /** An array of zeros that begins a cache line further than the one before it ended. */
  take<Typed>(type: ArrayType<Typed>, length: number): Typed {
    const offset = (Math.floor(this.next / LINE) + 1) * LINE
    this.next = offset + length * type.BYTES_PER_ELEMENT
    return new type(this.buffer, offset, length)
  }
}
