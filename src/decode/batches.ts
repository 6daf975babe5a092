// The open batches of a decoder, one a layout: room for rows is asked for here, and full batches go to the sink from here.
// This is where memory for records is bounded.
import { RecordBatch, rowWidth } from './batch.ts'
import type { Layout } from './layout.ts'
import type { Limits } from './limits.ts'
import { type ExporterState, nothingSaid } from './sampling.ts'

interface Open {
  readonly batch: RecordBatch
  readonly bytes: number
  readonly state: () => ExporterState
}

const FIRST_ROWS = 64
/** Octets of memory that an octet of structured data may take once it is read. */
const LIST_COST = 16

/** The batches being filled. */
export class Batches {
  private readonly open = new Map<Layout, Open>()
  private bytes = 0
  private current: Layout | undefined
  private readonly limits: Limits
  private readonly inOrder: boolean
  private readonly sink: (batch: RecordBatch) => void

  /** `inOrder`: a batch is handed over as soon as a record of another layout comes, so records keep the wire's order. */
  constructor(limits: Limits, inOrder: boolean, sink: (batch: RecordBatch) => void) {
    this.limits = limits
    this.inOrder = inOrder
    this.sink = sink
  }

  /**
   * The batch of this layout, with room for at least one row. The caller fills row `batch.rows` (columns, `messageIndex`,
   * `offset`) and then adds 1 to `batch.rows`. `state` is asked when the batch is handed over.
   */
  room(layout: Layout, state: () => ExporterState = none): RecordBatch {
    if (this.inOrder && this.current !== layout) {
      this.flush()
      this.current = layout
    }
    const open = this.open.get(layout)
    if (!open) return this.create(layout, FIRST_ROWS, state)
    const { batch } = open
    const full = batch.rows >= batch.capacity
    if (!full && batch.arenaLength + LIST_COST * batch.listOctets < this.limits.arenaBytes) return batch
    this.hand(open)
    // A layout that fills its batch is worth a larger one.
    if (full && batch.capacity < this.maximumRows(layout)) {
      this.drop(layout)
      return this.create(layout, batch.capacity * 4, state)
    }
    return batch
  }

  /** Hands over all records of this layout, and forgets the layout if it is no longer in force. */
  flushLayout(layout: Layout, forget = false): void {
    const open = this.open.get(layout)
    if (open) this.hand(open)
    if (forget) this.drop(layout)
  }

  /** Hands over everything that is held. */
  flush(): void {
    for (const open of this.open.values()) this.hand(open)
  }

  private create(layout: Layout, rows: number, state: () => ExporterState): RecordBatch {
    const capacity = Math.min(rows, this.maximumRows(layout))
    const bytes = capacity * rowWidth(layout)
    if (this.bytes + bytes > this.limits.totalBatchBytes) {
      this.flush()
      this.open.clear()
      this.bytes = 0
    }
    const batch = new RecordBatch(layout, capacity)
    this.open.set(layout, { batch, bytes, state })
    this.bytes += bytes
    return batch
  }

  private maximumRows(layout: Layout): number {
    return Math.max(1, Math.min(this.limits.batchRows, Math.floor(this.limits.batchBytes / rowWidth(layout))))
  }

  private hand({ batch, state }: Open): void {
    if (batch.rows === 0) return
    batch.exporterState = state()
    this.sink(batch)
    batch.clear()
  }

  private drop(layout: Layout): void {
    this.bytes -= this.open.get(layout)?.bytes ?? 0
    this.open.delete(layout)
  }
}

const none = (): ExporterState => nothingSaid
