// Bundles the command once before the tests, so that those that call it test the source as it is.
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

export default function build(): void {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../scripts/build.mjs')])
}
