// Where the decoder stands in a datagram, shared by all that read parts of it; errors are made from it.
import type { Message } from '../message.ts'
import type { Context } from '../port.ts'
import type { ErrorKind } from '../report.ts'
import type { Agent } from './agents.ts'

export class Walk {
  bytes: Uint8Array = new Uint8Array(0)
  message!: Message
  agent!: Agent
  /** Number of the sample (from 1) and its kind. */
  sample = 0
  sampleName = ''
  /** Number of the structure within the sample, 0 outside of them, and its name. */
  record = 0
  recordName = ''
  readonly context: Context

  constructor(context: Context) {
    this.context = context
  }

  /** Reports an error at this octet of the payload, in `field` of where the walk stands. */
  error(kind: ErrorKind, offset: number, field: string, expected: string, found: string): void {
    const path = [
      this.sample > 0 ? `sample ${this.sample} (${this.sampleName})` : '',
      this.record > 0 ? `record ${this.record} (${this.recordName})` : '',
      field,
    ]
    this.context.error(
      {
        kind,
        protocol: 'sflow5',
        offset,
        path: path.filter((part) => part !== '').join(' > '),
        expected,
        found,
        message: this.message,
      },
      this.agent.stats,
    )
  }
}
