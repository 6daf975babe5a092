// What every exporter gives: files to write into one directory, and what of the lab is not in them.

export interface Exported {
  /** Path below the directory → content. */
  readonly files: Readonly<Record<string, string>>
  /** Of the files, those that are programs. */
  readonly executable: readonly string[]
  /** What of the lab is not carried over, in words. */
  readonly leftOut: readonly string[]
  /** What to do with them. */
  readonly next: string
}
