// Where a capture's octets come from: a file or standard input, in chunks of one buffer used again and again; gzip is
// recognised by its magic number and undone on the way.
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { CaptureError } from './problem.ts'

const CHUNK = 1 << 18
/** Octets of gzip taken at once: they may become a thousand times as many. */
const GZIP_SLICE = 1 << 16

/**
 * The octets of a file, the first `most` of them. Each chunk is valid until the next one is asked for.
 * @throws the system's error (ENOENT, EACCES, EISDIR, …)
 */
export async function* fileChunks(path: string, most = Infinity): AsyncGenerator<Uint8Array> {
  const file = await open(path)
  try {
    const buffer = new Uint8Array(CHUNK)
    for (let left = most; left > 0; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK, left), null)
      if (bytesRead === 0) return
      left -= bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

export interface GrowingFile {
  /** The octets, as they come; each chunk is valid until the next one is asked for. Throws the system's error. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Comes back when all that is in the file by now has been taken, or nobody takes any more. */
  catchUp(): Promise<void>
  /** The next end of the file is the end of the chunks. */
  end(): void
}

/** A file that is still written to. */
export function growingFile(path: string): GrowingFile {
  let asked = false
  let isOver = false
  let wake = (): void => {}
  let caughtUp = (): void => {}
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const file = await open(path)
    try {
      const buffer = new Uint8Array(CHUNK)
      for (;;) {
        if (!asked && !isOver) await new Promise<void>((resolve) => (wake = resolve))
        const { bytesRead } = await file.read(buffer, 0, CHUNK, null)
        if (bytesRead > 0) yield buffer.subarray(0, bytesRead)
        else if (isOver) return
        else {
          asked = false
          caughtUp()
        }
      }
    } finally {
      isOver = true
      caughtUp()
      await file.close()
    }
  }
  return {
    chunks: chunks(),
    catchUp() {
      if (isOver) return Promise.resolve()
      asked = true
      const done = new Promise<void>((resolve) => (caughtUp = resolve))
      wake()
      return done
    },
    end() {
      isOver = true
      wake()
    },
  }
}

/**
 * The octets themselves, or, where they begin as gzip does, what they are decompressed.
 * @throws CaptureError where the compressed data is damaged or cut short, after all that could be decompressed
 */
export async function* decompressed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    let first: Uint8Array = new Uint8Array(0)
    while (first.length < 2) {
      const { value, done } = await iterator.next()
      if (done) break
      first = first.length === 0 && value.length > 1 ? value : Buffer.concat([first, value])
    }
    const all = resumed(first, iterator)
    yield* first[0] === 0x1f && first[1] === 0x8b ? gunzipped(all) : all
  } finally {
    await iterator.return?.()
  }
}

async function* resumed(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first
  for (;;) {
    const { value, done } = await iterator.next()
    if (done) return
    yield value
  }
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // With a bound that is never reached, a write is over when all of its output can be read: nothing is lost to an error.
  const options = { chunkSize: 1 << 18, readableHighWaterMark: Number.MAX_SAFE_INTEGER }
  const gunzip = createGunzip(options)
  let failure: Error | undefined
  let wake = () => {}
  gunzip.on('error', (error) => {
    failure = error
    wake()
  })
  const step = (start: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve
      const done = (error?: Error | null) => {
        failure ??= error ?? undefined
        resolve()
      }
      if (failure) resolve()
      else start(done)
    })
  function* output(): Generator<Uint8Array> {
    for (let read = gunzip.read() as Buffer | null; read; read = gunzip.read() as Buffer | null)
      yield new Uint8Array(read.buffer, read.byteOffset, read.length)
  }
  let taken = 0
  try {
    for await (const chunk of chunks)
      for (let at = 0; at < chunk.length; at += GZIP_SLICE) {
        if (failure) break
        const slice = Buffer.from(chunk.subarray(at, at + GZIP_SLICE))
        await step((done) => gunzip.write(slice, done))
        taken += slice.length
        yield* output()
      }
    const rest: Buffer[] = []
    await step((done) => {
      gunzip.on('data', (octets: Buffer) => rest.push(octets))
      gunzip.once('close', () => done())
      gunzip.end()
    })
    yield* rest
  } finally {
    gunzip.destroy()
  }
  if (failure)
    throw new CaptureError({
      kind: 'truncated',
      offset: taken,
      path: 'gzip stream',
      expected: 'compressed data',
      found: failure.message,
    })
}
