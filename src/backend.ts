// The port between plan and machine. A backend builds what a plan's nodes and links say and runs programs in it; it knows
// nothing of flows. What runs when is run/'s business.

import type { ChildProcess, StdioOptions } from 'node:child_process'
import type { End, Plan, ProcessPlan } from './plan/plan.ts'

export interface Backend {
  /**
   * Builds nodes and links, starts no process. Until `keep` is called the lab ends with the calling process, however that
   * ends. Throws MachineError where the machine cannot.
   */
  deploy(plan: Plan, directory: string): Promise<Lab>
  /** The labs of this user that are alive, by their run directories. */
  find(): Promise<readonly string[]>
  /** A lab that is alive already; undefined where none has this run directory. */
  attach(directory: string): Promise<Lab | undefined>
}

export interface Lab {
  /** Runs a program on a node, with its streams at the caller's disposal. */
  spawn(node: string, argv: readonly string[], stdio: StdioOptions): ChildProcess
  /**
   * Starts processes, side by side across nodes and in each node in their order. Each one's output goes to
   * `nodes/NODE/log/NAME.log`, its end to `nodes/NODE/state/NAME.exit`. Comes back when all are ready and the one-shots
   * have ended, or, with `launched`, as soon as all have been started. Throws where one ends before it is ready.
   */
  start(processes: readonly Placed[], until: 'launched' | 'ready'): Promise<void>
  /** Signals a process that `start` started; false where it runs no more. */
  signal(node: string, process: string, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<boolean>
  /**
   * What a power cut does to a node: every process on it is killed but those of `spared`, its neighbours see its links go
   * down, what it held in memory is gone (/run, /tmp, routes); then it stands as `deploy` left it, and no process of its own
   * runs. A node whose processes have all crashed, the one that kept its namespaces too, is built and linked again. Comes
   * back with the interfaces that were made anew, at both ends of its links: counters, gates and captures on them are gone,
   * and `spared` with them; none where the node's interfaces could stay.
   */
  restart(plan: Plan, node: string, spared: readonly string[]): Promise<readonly End[]>
  /** Lets the lab outlive the calling process. */
  keep(): Promise<void>
  /** Ends every process and removes every namespace, interface and mount; comes back when they are gone. */
  destroy(): Promise<void>
}

export interface Placed {
  readonly node: string
  readonly process: ProcessPlan
}

/** The lab itself does not come to life: a daemon that ends, or a state that is never reached. Exit code 2. */
export class LabError extends Error {
  readonly remedy: string
  constructor(message: string, remedy: string) {
    super(message)
    this.name = 'LabError'
    this.remedy = remedy
  }
}

/** The machine cannot do what the lab needs: a program, a kernel feature, a permission. Exit code 3. */
export class MachineError extends Error {
  readonly remedy: string
  constructor(message: string, remedy: string) {
    super(message)
    this.name = 'MachineError'
    this.remedy = remedy
  }
}
