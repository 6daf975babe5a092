// The runs of a matrix in one table: for each combination its verdict, how far it is off, and what was found.

import { styleText } from 'node:util'
import type { Verdict } from '../verify/verdict.ts'
import { type Cell, heading, table } from './table.ts'

/** One run of a matrix; the JSON form is a list of these. */
export interface MatrixRun {
  readonly combination: Readonly<Record<string, string | number | boolean>>
  /** Absent where it came to none. */
  readonly directory?: string
  /** As `flowlab run` of it alone would exit: 0 true, 1 not true, 2 and up no verdict. */
  readonly exitCode: number
  /** Why there is no verdict. */
  readonly failure?: string
  readonly result?: Result
}

/** What a verdict comes to in one line. */
export interface Result {
  readonly pass: boolean
  /** Packets that crossed the observation points, what was exported of them, and what was collected. */
  readonly wire: number
  readonly exported: number
  readonly collected: number
  /** Of what was collected, or of what was sampled times its rate, against the wire; relative, signed: -0.1 is 10 % too few. */
  readonly packetsOff: number
  readonly bytesOff: number
  /** Ids of its findings. */
  readonly findings: readonly string[]
}

interface Sums {
  wire: number
  exported: number
  collected: number
  wireBytes: number
  told: number
  toldBytes: number
}

export function resultOf({ pass, books, sampling, findings }: Verdict): Result {
  const sums: Sums = { wire: 0, exported: 0, collected: 0, wireBytes: 0, told: 0, toldBytes: 0 }
  const isSampled = (point: string, probe: string): boolean =>
    sampling.some((section) => section.point === point && section.probe === probe)
  // A collector's tables each have their account of the same wire: the first stands for all.
  const seen = new Set<string>()
  for (const { point, probe, collector, direction, wire, exported, collected } of books) {
    const account = `${point} ${probe} ${collector} ${direction}`
    if (seen.has(account)) continue
    seen.add(account)
    sums.wire += wire.packets
    sums.exported += exported.packets
    sums.collected += collected.packets
    sums.wireBytes += wire.bytes
    if (isSampled(point, probe)) continue
    sums.told += collected.packets
    sums.toldBytes += collected.bytes
  }
  for (const { estimate } of sampling) {
    sums.told += estimate.packets
    sums.toldBytes += estimate.bytes
  }
  return {
    pass,
    wire: sums.wire,
    exported: sums.exported,
    collected: sums.collected,
    packetsOff: off(sums.told, sums.wire),
    bytesOff: off(sums.toldBytes, sums.wireBytes),
    findings: findings.map(({ id }) => id),
  }
}

const off = (told: number, wire: number): number => (wire === 0 ? 0 : (told - wire) / wire)

export function matrixText(lab: string, runs: readonly MatrixRun[], directory: string): string {
  const axes = Object.keys(runs[0]?.combination ?? {})
  const numbers = ['wire', 'exported', 'collected', 'packets off', 'bytes off']
  const first = axes.length + 1
  const right = runs.filter(({ exitCode }) => exitCode === 0).length
  return [
    heading(`${lab}: ${runs.length} runs`),
    table(
      {
        head: [...axes, 'verdict', ...numbers, 'findings'],
        numbers: numbers.map((_, index) => first + index),
      },
      runs.map(({ combination, result, failure }) => [
        ...axes.map((axis) => String(combination[axis])),
        ...(result ? resultCells(result) : failureCells(failure, numbers.length)),
      ]),
    ),
    `  ${right} of ${runs.length} true\n  ${directory}\n`,
  ].join('')
}

const resultCells = (result: Result): Cell[] => [
  result.pass ? styleText('green', '✔ true') : styleText('red', '✘ not true'),
  result.wire,
  result.exported,
  result.collected,
  percent(result.packetsOff),
  percent(result.bytesOff),
  result.findings.join(', '),
]

const failureCells = (failure: string | undefined, empty: number): Cell[] => [
  styleText('yellow', '– no verdict'),
  ...Array.from({ length: empty }, () => ''),
  (failure ?? '').split('\n', 1)[0] ?? '',
]

const percent = (share: number): string => {
  if (share === 0) return '0'
  const text = (share * 100).toFixed(Math.abs(share) < 0.1 ? 2 : 1)
  return `${share > 0 ? '+' : ''}${text} %`
}
