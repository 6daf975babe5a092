// What of flow records the judgement of time needs: columns of numbers, a row a record.

/** Times are in milliseconds since 1970-01-01T00:00:00Z. */
export interface TimedRecords {
  readonly count: number
  /** Records that each of them stands for, where they are a sample. */
  readonly weight: number
  readonly packets: ArrayLike<number>
  /** Layer-3 bytes. */
  readonly bytes: ArrayLike<number>
  /** First and last packet as the record says; NaN where it does not. */
  readonly first: ArrayLike<number>
  readonly last: ArrayLike<number>
  /** When its datagram was seen. */
  readonly seen: ArrayLike<number>
}

/** So many rows of a sample as records. */
export const recordsIn = ({ weight }: TimedRecords, rows: number): number => Math.round(rows * weight)

/** A reading of a count that only grows: what had been counted by then. */
export interface Reading {
  readonly at: number
  readonly packets: number
  readonly bytes: number
}
