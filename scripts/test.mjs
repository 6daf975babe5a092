// Everything that must pass, from a clean clone: setup and build, types, lint, format, tests. The first failure ends it. Arguments
// go to vitest. The last line always counts the tests, for those who read logs by machine.
import { join } from 'node:path'
import { engineTools, startEngine } from './engine.mjs'
import { setup } from './setup.mjs'
import { root, run, step } from './step.mjs'

let closing = '0 passed, 1 failed, 0 skipped'
process.on('exit', () => console.log(closing))

// A browser, an independent decoder, its tools that make captures, the databases that collectors and charts keep, what draws charts,
// and probes and generators that most labs do without.
const tools = {
  chromium: 'chromium',
  tshark: 'tshark',
  editcap: 'wireshark-common',
  sqlite3: 'sqlite3',
  mariadbd: 'mariadb-server',
  '/usr/lib/postgresql/15/bin/postgres': 'postgresql',
  rrdtool: 'rrdtool',
  'ovs-vswitchd': 'openvswitch-switch',
  tcpreplay: 'tcpreplay',
  mgen: 'mgen',
  socat: 'socat',
  newuidmap: 'uidmap',
  ...engineTools,
}
for (const { what, found } of await setup(tools))
  console.log(`Missing here: ${what}: ${found}; tests that need it are skipped`)

const bin = (name) => join(root, 'node_modules/.bin', name)
const steps = {
  'Types (tsc)': [bin('tsc')],
  'Lint (oxlint)': [bin('oxlint'), '--type-aware', '--deny-warnings'],
  'Format (biome)': [bin('biome'), 'format'],
}
let passed = true
for (const [name, argv] of Object.entries(steps)) passed &&= await step(name, argv)
if (passed) {
  console.log('Tests (vitest)')
  const engine = startEngine()
  const { code } = await run([bin('vitest'), 'run', ...process.argv.slice(2)], {
    stdio: ['inherit', 'pipe', 'inherit'],
    env: {
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      ...process.env,
      ...engine.env,
      FLOWLAB_TEST_BUILT: '1',
    },
    // Its closing line is held back until everything else has been said.
    onLine(line) {
      if (/^\d+ passed, \d+ failed, \d+ skipped$/.test(line)) closing = line
      else console.log(line)
    },
  })
  await engine.stop()
  passed = code === 0
}
process.exitCode = passed ? 0 : 1
