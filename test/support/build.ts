// Bundles the command once before the tests, so that those that call it test the source as it is. `npm test` has done it already.
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

export default function build(): void {
  if (process.env['FLOWLAB_TEST_BUILT'] === undefined)
    execFileSync(process.execPath, [resolve(import.meta.dirname, '../../scripts/build.mjs')])
}
