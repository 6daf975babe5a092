// The port between plan and machine. A backend builds what a plan's nodes and links say and runs programs in it; it knows
// nothing of flows. What runs when is run/'s business.

import { RemediedError } from './kernel/error.ts'
import type { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { End, Plan, ProcessPlan } from './plan/plan.ts'

export interface Backend {
  /** Throws MachineError where it is known beforehand that the plan cannot be built here; touches nothing. */
  preflight(plan: Plan): Promise<void>
  /**
   * Builds nodes and links, starts no process. Until `keep` is called the lab ends with the calling process, however that
   * ends. Throws MachineError where the machine cannot.
   */
  deploy(plan: Plan, directory: string): Promise<Lab>
  /** The labs of this user that are alive. Where the backend cannot be used at all there are none. */
  find(): Promise<readonly Found[]>
  /** A lab that is alive already; undefined where none has this run directory. */
  attach(directory: string): Promise<Lab | undefined>
}

export interface Found {
  /** Its run directory, which may be lost. */
  readonly directory: string
  /** The lab's name, where the backend knows it without the run directory. */
  readonly lab?: string
}

/** How each of a program's three streams is joined to the caller's, as in node:child_process. */
export type Streams = Stream | readonly [input: Stream, output: Stream, error: Stream]
type Stream = 'pipe' | 'inherit' | 'ignore'

/**
 * A program that runs on a node: what callers use of a child process. Emits `error` where it could not be run, `close` with
 * its exit code (null and the signal, where one ended it) when it has ended and its output has been read.
 */
export interface Program extends EventEmitter {
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  kill(signal?: NodeJS.Signals): boolean
}

export interface Lab {
  /** Runs a program on a node, with its streams at the caller's disposal. */
  spawn(node: string, argv: readonly string[], streams: Streams): Program
  /**
   * Starts processes, side by side across nodes and in each node in their order. Each one's output goes to
   * `nodes/NODE/log/NAME.log`, its end to `nodes/NODE/state/NAME.exit`. Comes back when all are ready and the one-shots
   * have ended, or, with `launched`, as soon as all have been started. Throws where one ends before it is ready.
   */
  start(processes: readonly Placed[], until: 'launched' | 'ready'): Promise<void>
  /** Signals a process that `start` started; false where it runs no more. */
  signal(
    node: string,
    process: string,
    signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGUSR1' | 'SIGUSR2' | 'SIGCONT',
  ): Promise<boolean>
  /**
   * What a power cut does to a node: every process on it is killed but the witnesses, `spared` by name, its neighbours see its links go
   * down, what it held in memory is gone (/run, /tmp, routes); then it stands as `deploy` left it, and no process of its own
   * runs. A node whose processes have all crashed, the one that kept its namespaces too, is built and linked again. Comes
   * back with the interfaces that were made anew, at both ends of its links: counters, gates and captures on them are gone,
   * and `spared` with them; none where the node's interfaces could stay.
   */
  restart(plan: Plan, node: string, spared: readonly string[]): Promise<readonly End[]>
  /** Lets the lab outlive the calling process. */
  keep(): Promise<void>
  /** Ends every process and removes every namespace, interface, mount and container; comes back when they are gone. */
  destroy(): Promise<void>
}

export interface Placed {
  readonly node: string
  readonly process: ProcessPlan
}

/** The lab itself does not come to life: a daemon that ends, or a state that is never reached. Exit code 2. */
export class LabError extends RemediedError {}

/** The machine cannot do what the lab needs: a program, a kernel feature, a permission. Exit code 3. */
export class MachineError extends RemediedError {}
