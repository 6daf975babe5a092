// Answers that are kept as long as the archive that gave them is open: what one page has asked costs the next one nothing.

import type { RunArchive } from '../run/archive.ts'
import type { Answer, Statement } from '../store.ts'

/** Answers, and rows of one: what the memory of a server is bounded by. */
const [mostKept, mostRows] = [200, 2_000]

export function remembered(archive: RunArchive): RunArchive {
  const kept = new Map<string, readonly Answer[]>()
  return {
    ...archive,
    async ask<Row = Answer>(
      statement: Statement,
      patience: Parameters<RunArchive['ask']>[1],
    ): Promise<Row[]> {
      const question = textOf(statement)
      const known = kept.get(question) ?? (await archive.ask(statement, patience))
      // Who was asked for last is forgotten last.
      kept.delete(question)
      if (known.length <= mostRows) kept.set(question, known)
      for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest)
      return known as Row[]
    },
  }
}

const textOf = ({ sql, values }: Statement): string =>
  JSON.stringify([sql, values], (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
