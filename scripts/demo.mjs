// The talk's lab, from a clean clone to its verdict: what is missing is installed first.
import { setup } from './setup.mjs'
import { run } from './step.mjs'

// What no installation brings, the run says itself, before it builds anything.
await setup()
const lab = 'examples/janog36/lab.yaml'
process.exitCode = (await run([process.execPath, 'bin/flowlab', 'run', lab], { stdio: 'inherit' })).code
