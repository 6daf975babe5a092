// Records a second of the decoder, from datagrams in memory, on one core. Beside each figure is the same work done by a
// straightforward interpreter, in the same run, so that machines can be compared.
import type { Datagram } from '../src/decode/datagram.ts'
import { createDecoder } from '../src/decode/decoder.ts'
import { interpret } from './interpreter.ts'
import { interpretSflow } from './sflow-interpreter.ts'
import { type Case, ipfix, netflow5, netflow9, sflow } from './traffic.ts'

const WINDOWS = 10
const WINDOW_SECONDS = 0.2

/**
 * Records a second of processor time of a decoder that is given all datagrams again and again; it returns how many records
 * it saw. The best of some short windows, since others may use the machine.
 */
function measure({ datagrams, records }: Case, start: () => (all: readonly Datagram[]) => number): number {
  const run = start()
  for (let warm = 0; warm < 5; warm++) {
    const seen = run(datagrams)
    if (seen !== records) throw new Error(`${seen} records of ${records}`)
  }
  let best = 0
  for (let window = 0; window < WINDOWS; window++) {
    const begin = process.cpuUsage()
    let [rounds, seconds] = [0, 0]
    while (seconds < WINDOW_SECONDS) {
      run(datagrams)
      rounds++
      const { user, system } = process.cpuUsage(begin)
      seconds = (user + system) / 1e6
    }
    best = Math.max(best, (rounds * records) / seconds)
  }
  return best
}

function compiled(): (all: readonly Datagram[]) => number {
  let rows = 0
  const decoder = createDecoder({}, { records: (batch) => (rows += batch.rows) })
  return (all) => {
    rows = 0
    for (const each of all) decoder.push(each)
    decoder.flush()
    return rows
  }
}

type Start = () => (all: readonly Datagram[]) => number
const cases: readonly (readonly [Case, Start])[] = [
  [netflow9(), interpret],
  [ipfix(), interpret],
  [netflow5(), interpret],
  [sflow(), interpretSflow],
]
const millions = (value: number) => `${(value / 1e6).toFixed(1)} M/s`.padStart(10)

console.log('In memory, records (sFlow: samples) a second of processor time, one core:')
for (const [each, peer] of cases) {
  const ours = measure(each, compiled)
  const theirs = measure(each, peer)
  const ratio = (ours / theirs).toFixed(1)
  console.log(`${each.name.padEnd(38)} ${millions(ours)}   interpreted ${millions(theirs)}   ${ratio} times`)
}
