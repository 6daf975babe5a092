// The large simulation behind docs/sampling.md: `npx tsx test/sampling/run.ts [RUNS] [SEED]`. Prints how often healthy runs are found
// wrong, and how many packets it takes to find what is wrong.
import { found, type Order, orders, samplers, type Scene } from './simulate.ts'

const [runs = 2_000, seed = 1] = process.argv.slice(2).map(Number)
const percent = (part: number): string => `${Number((100 * part).toPrecision(3))} %`

/** Share of runs in which something is named, and what. */
function share(scene: Scene, count: number): { readonly any: number; readonly of: Record<string, number> } {
  const of: Record<string, number> = {}
  let any = 0
  for (let run = 0; run < count; run++) {
    const names = found(scene, seed * 1_000_003 + run)
    if (names.length > 0) any++
    for (const name of names) of[name] = (of[name] ?? 0) + 1
  }
  return { any: any / count, of }
}

console.log(`False alarms in ${runs} healthy runs each`)
let [alarms, healthy] = [0, 0]
for (const sampler of Object.keys(samplers))
  for (const order of Object.keys(orders) as Order[])
    for (const rate of [2, 10, 100, 1000]) {
      const scene = {
        sampler,
        order,
        packets: 8_000,
        done: rate,
        asked: rate,
        announced: rate,
        collector: rate,
      }
      const { any, of } = share(scene, runs)
      alarms += any * runs
      healthy += runs
      console.log(`${sampler}\t${order}\t1:${rate}\t${percent(any)}\t${JSON.stringify(of)}`)
    }
console.log(`all: ${alarms} of ${healthy}, ${percent(alarms / healthy)}`)

console.log('\nPower: share of runs in which the fault is named')
const wrong: readonly (readonly [name: string, id: string, scene: Partial<Scene>])[] = [
  ['not announced', 'sampling-unannounced', { announced: undefined, collector: 1 }],
  ['not applied', 'sampling-unapplied', { collector: 1 }],
  ['applied twice by the collector', 'sampling-doubled', { collector: 100 }],
  ['applied by exporter and collector', 'sampling-doubled', { exporter: 10 }],
  ['not done', 'sampling-not-done', { done: 1 }],
  ['done at 1:5', 'sampling-rate-wrong', { done: 5 }],
  ['done at 1:9', 'sampling-rate-wrong', { done: 9 }],
  ['done at 1:11', 'sampling-rate-wrong', { done: 11 }],
  ['done at 1:20', 'sampling-rate-wrong', { done: 20 }],
]
for (const [name, id, change] of wrong)
  for (const sampler of ['each with probability 1/N', 'every Nth'])
    for (const packets of [200, 1_000, 5_000, 20_000, 100_000]) {
      const count = Math.ceil(Math.min(runs / 10, 1e7 / packets))
      const base = {
        sampler,
        order: 'mixed' as const,
        packets,
        done: 10,
        asked: 10,
        announced: 10,
        collector: 10,
      }
      const { of } = share({ ...base, ...change }, count)
      console.log(
        `1:10 said, ${name}\t${sampler}\t${packets}\t${percent((of[id] ?? 0) / count)}\t${JSON.stringify(of)}`,
      )
    }
