// Fuzzing for as long as one likes: `npx tsx test/fuzz/run.ts [SECONDS] [SEED]`. A failure names the seed that repeats it.
import { fuzz } from './sflow-and-captures.ts'

const [seconds = '60', seed = String(Date.now() % 1e9)] = process.argv.slice(2)
console.log(`${seconds} s from seed ${seed}`)
console.log(fuzz(Number(seconds) * 1000, Number(seed)), `${process.memoryUsage().rss >> 20} MiB`)
