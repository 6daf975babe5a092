// Rates that an exporter announces: for how many of its flow records each, and where it said so.

import type { RecordBatch } from '../decode/batch.ts'
import type { Sampling } from '../decode/sampling.ts'

export interface AnnouncedRate {
  /** N of 1:N; undefined where none was given. */
  readonly rate: number | undefined
  readonly source: Sampling['source'] | undefined
  /** Flow records that it holds for. */
  readonly records: number
}

/** Counts records by the rate that holds for them; `of` gives what must be called for each flow record of a batch. */
export class Announcements {
  private readonly rates = new Map<string, AnnouncedRate>()

  of(batch: RecordBatch): (row: number) => void {
    const isSilent =
      batch.exporterState.samplers.size === 0 &&
      batch.column('samplingInterval') === undefined &&
      batch.messages.every(({ sampling }) => sampling === undefined)
    return (row) => this.count(isSilent ? undefined : batch.sampling(row))
  }

  list(): AnnouncedRate[] {
    return [...this.rates.values()]
  }

  private count(sampling: Sampling | undefined): void {
    const { rate, source } = sampling ?? {}
    const key = `${rate} ${source}`
    this.rates.set(key, { rate, source, records: (this.rates.get(key)?.records ?? 0) + 1 })
  }
}
