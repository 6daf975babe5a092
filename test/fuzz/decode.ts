// The long run: npx tsx test/fuzz/decode.ts [seconds [seed]]. Every message comes from the seed that is printed with a failure.
import { readdirSync } from 'node:fs'
import { captures, readCapture } from '../decode/captures.ts'
import { createChecked } from './check.ts'
import { generate, mutate, Random } from './messages.ts'

const seconds = Number(process.argv[2] ?? 60)
const first = Number(process.argv[3] ?? Date.now() % 1e9)
const corpus = (captures ? readdirSync(captures) : [])
  .filter((name) => /netflow|ipfix/.test(name))
  .flatMap((name) => readCapture(`${captures}${name}`))

const end = performance.now() + seconds * 1000
let [seed, rows, octets] = [first, 0, 0]
for (; performance.now() < end; seed++) {
  try {
    const random = new Random(seed)
    const checked = createChecked()
    for (let i = 0; i < 500; i++) {
      const original = corpus[random.below(corpus.length)]
      checked.push(original && random.below(2) ? mutate(random, original) : generate(random))
    }
    const result = checked.end()
    rows += result.rows
    octets += result.octets
  } catch (error) {
    console.error(`seed ${seed}`)
    throw error
  }
}
const heap = Math.round(process.memoryUsage().heapUsed / (1 << 20))
console.log(`seeds ${first} to ${seed - 1}: ${octets} octets, ${rows} records, heap ${heap} MiB`)
