// A program in a container, with the looks of a child process: streams, a signal, an end. By the engine's API alone, since
// its command line client need not be there.

import { EventEmitter, once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type Duplex, PassThrough, type Readable, type Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Container, Exec, ExecInspectInfo } from 'dockerode'
import type { Program, Streams } from '../../backend.ts'
import { asked, isGone } from './engine.ts'

type How = 'pipe' | 'inherit' | 'ignore'

export function execute(
  place: Container | Promise<Container>,
  argv: readonly string[],
  streams: Streams,
): Program {
  const [input, output, error] = typeof streams === 'string' ? [streams, streams, streams] : streams
  const onTerminal = [input, output, error].every((how) => how === 'inherit') && process.stdin.isTTY
  const pipe = (how: How): PassThrough | null => (how === 'pipe' ? new PassThrough() : null)
  const [stdin, stdout, stderr] = [pipe(input), pipe(output), pipe(error)]
  const sinks = [sinkOf(stdout, output, process.stdout), sinkOf(stderr, error, process.stderr)] as const
  let begun: Exec | undefined
  const program = Object.assign(new EventEmitter(), {
    ...{ stdin, stdout, stderr },
    kill: (signal: NodeJS.Signals = 'SIGTERM'): boolean => {
      if (begun) void send(place, begun, signal)
      return begun !== undefined
    },
  })
  const run = async (): Promise<number> => {
    const container = await place
    begun = await asked(
      container.exec({
        Cmd: [...argv],
        AttachStdin: input !== 'ignore',
        AttachStdout: true,
        AttachStderr: true,
        Tty: onTerminal,
      }),
    )
    const stream = await asked(begun.start({ hijack: true, stdin: input !== 'ignore', Tty: onTerminal }))
    const source = stdin ?? (input === 'inherit' ? process.stdin : undefined)
    source?.pipe(stream)
    const release = onTerminal ? holdTerminal(begun) : passSignals(program.kill, input)
    const death = watchFor(begun, stream)
    try {
      if (onTerminal) for await (const data of stream) process.stdout.write(data as Buffer)
      else await separate(stream, sinks)
      return (
        (await stateOf(begun, ({ Running, ExitCode }) => !Running && ExitCode !== null))?.ExitCode ?? killed
      )
    } catch (failure) {
      if (death.seen()) return killed
      throw failure
    } finally {
      death.forget()
      source?.unpipe(stream)
      // A file has nothing to let go of.
      if (input === 'inherit') (process.stdin as Partial<typeof process.stdin>).unref?.()
      release()
    }
  }
  run().then(
    (code) => {
      stdout?.end()
      stderr?.end()
      program.emit('exit', code, null)
      void Promise.all([stdout, stderr].map(drained)).then(() => program.emit('close', code, null))
    },
    (failure: unknown) => program.emit('error', failure),
  )
  return program
}

const sinkOf = (piped: PassThrough | null, how: How, inherited: Writable): Writable | undefined =>
  piped ?? (how === 'inherit' ? inherited : undefined)

/** Whoever wants what a program said reads its streams; then `close` comes after all of it, as with a child process. */
async function drained(stream: Readable | null): Promise<void> {
  if (stream && !stream.readableEnded && stream.readableFlowing) await once(stream, 'end')
}

/**
 * The engine interleaves both outputs: before each piece a byte with the stream's number (1 or 2), three of nothing, and the
 * piece's length as 32 bits, big-endian (Engine API, `ContainerAttach`).
 */
async function separate(
  stream: AsyncIterable<unknown>,
  sinks: readonly [Writable | undefined, Writable | undefined],
): Promise<void> {
  let header = Buffer.alloc(0)
  let left = 0
  let sink: Writable | undefined
  for await (const data of stream) {
    let rest = data as Buffer
    while (rest.length > 0) {
      if (left === 0) {
        const taken = rest.subarray(0, 8 - header.length)
        header = Buffer.concat([header, taken])
        rest = rest.subarray(taken.length)
        if (header.length < 8) continue
        sink = header[0] === 2 ? sinks[1] : sinks[0]
        left = header.readUInt32BE(4)
        header = Buffer.alloc(0)
        continue
      }
      const piece = rest.subarray(0, left)
      rest = rest.subarray(piece.length)
      left -= piece.length
      if (sink && !sink.write(piece)) await new Promise((resolve) => sink?.once('drain', resolve))
    }
  }
}

/** What a program ends with whose container was killed: as if signal 9 had ended it. */
const killed = 137

/** Once it is as asked: the streams end a moment before the engine knows of the program's end. undefined where its container has died. */
async function stateOf(
  exec: Exec,
  isSo: (state: ExecInspectInfo) => boolean = () => true,
): Promise<ExecInspectInfo | undefined> {
  for (;;) {
    const state = await asked(
      exec.inspect().catch((error: unknown) => {
        if (isGone(error)) return undefined
        throw error
      }),
    )
    if (!state || isSo(state)) return state
    await sleep(5)
  }
}

/** From one look to the next, in ms. */
const watchfulness = 1_000

/** The engine leaves a program's streams open for ever when its container dies under it, and knows nothing of it any more. */
function watchFor(exec: Exec, stream: Duplex): { readonly seen: () => boolean; readonly forget: () => void } {
  let hasDied = false
  const timer = setInterval(() => {
    void stateOf(exec)
      .catch(() => ({}))
      .then((state) => {
        hasDied ||= state === undefined
        if (hasDied) stream.destroy()
      })
  }, watchfulness)
  return { seen: () => hasDied, forget: () => clearInterval(timer) }
}

/** The engine has no call for it: a signal is sent from within, by the number that the program has there (proc(5), NSpid). */
async function send(
  place: Container | Promise<Container>,
  exec: Exec,
  signal: NodeJS.Signals,
): Promise<void> {
  try {
    const { Pid } = await exec.inspect()
    const inside = /^NSpid:.*\t(\d+)$/m.exec(await readFile(`/proc/${Pid}/status`, 'utf8'))?.[1]
    if (inside === undefined) return
    const killing = await (await place).exec({ Cmd: ['kill', `-${signal.slice(3)}`, inside] })
    await killing.start({ Detach: true })
  } catch {
    // It has ended meanwhile.
  }
}

/** A terminal's keys go to the program as they are, and its size with them. */
function holdTerminal(exec: Exec): () => void {
  const resize = (): void =>
    void exec.resize({ h: process.stdout.rows, w: process.stdout.columns }).catch(() => {})
  process.stdin.setRawMode(true)
  process.stdout.on('resize', resize)
  resize()
  return () => {
    process.stdin.setRawMode(false)
    process.stdout.off('resize', resize)
  }
}

/** What a child process would get from the terminal has to be passed on. */
function passSignals(kill: (signal: NodeJS.Signals) => boolean, input: How): () => void {
  if (input !== 'inherit') return () => {}
  const pass = (signal: NodeJS.Signals): void => void kill(signal)
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, pass)
  return () => {
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.off(signal, pass)
  }
}
