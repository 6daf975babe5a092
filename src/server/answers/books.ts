// The verdict with the catalogue's words, and its evidence as it stands in the run directory: a datagram dissected, a log's line
// among its neighbours. Only what a finding names is shown.

import { described } from '../../verify/causes/causes.ts'
import { dissect } from '../../replay/dissect.ts'
import type { Books, Evidence } from '../api/books.ts'
import type { Query } from '../api/endpoints.ts'
import { part, within } from '../files.ts'
import { absent, Refusal } from '../refusal.ts'
import type { Run } from '../runs.ts'
import { quoted } from './command.ts'
import { verdictOf } from './verdict.ts'

export async function booksOf(run: Run): Promise<Books> {
  const verdict = await verdictOf(run)
  const ids = new Set(
    verdict.findings.flatMap(({ cause, alternatives }) => [cause, ...alternatives.map((each) => each.cause)]),
  )
  return {
    verdict,
    causes: Object.fromEntries(
      [...ids].flatMap((id) => {
        try {
          const { title, knownBy, remedy, test } = described(id)
          return [[id, { title, knownBy, remedy, test }]]
        } catch {
          return [] // A verdict of another version may name what is not in the catalogue any more.
        }
      }),
    ),
  }
}

/** Lines of a log around the one that is asked for. */
const around = 10
const mostLines = 4_000
/** Octets of a log that are searched for the line. */
const longestLog = 64 * 1024 * 1024

export async function evidenceOf(
  run: Run,
  { file, frame, line }: Query<'/api/runs/:run/evidence'>,
): Promise<Evidence> {
  const { findings } = await verdictOf(run)
  const named = findings.flatMap(({ evidence }) => evidence).filter((item) => item.file === file)
  if (named.length === 0) throw absent(`evidence in ${file}`)
  const path = await within(run.directory, ...file.split('/'))
  if (frame !== undefined) {
    if (!file.endsWith('.pcap'))
      throw new Refusal(400, { error: `expected a recording, found ${file}`, remedy: 'ask for a line of it' })
    const tree = (await dissect(path, new Set([frame]))).get(frame)
    if (tree === undefined) throw absent(`frame ${frame} of ${file}`)
    const marked = new Set(
      named.flatMap((item) =>
        (item.kind === 'datagram' || item.kind === 'record') && item.frame === frame ? [item.offset] : [],
      ),
    )
    return {
      file,
      lines: tree
        .trimEnd()
        .split('\n')
        .slice(0, mostLines)
        .map((text, index) => {
          // Of its header the first line tells.
          if (index === 0) return { offset: 0, text, marked: marked.has(0) }
          const offset = /^ *(\d+) /.exec(text)?.[1]
          const at = offset === undefined || text.startsWith(offset) ? null : Number(offset)
          return { offset: at, text, marked: at !== null && marked.has(at) && /^ {0,5}\d+ [a-z]/.test(text) }
        }),
      command: `flowlab decode -v ${quoted(path)}`,
    }
  }
  const { text } = await part(path, 0, longestLog)
  const lines = text.split('\n')
  const at = line ?? 1
  const first = Math.max(1, at - around)
  return {
    file,
    lines: lines
      .slice(first - 1, line === undefined ? mostLines : at + around)
      .map((each, index) => ({ offset: null, text: each, marked: first + index === line })),
    command: `less +${at} ${quoted(path)}`,
  }
}
