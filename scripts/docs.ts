// Writes the documents that are made from the code: `npm run docs` after a change of the lab file's schema, of a verb or of the
// catalogue of findings.
import { writeFileSync } from 'node:fs'
import { documents } from './generated.ts'

for (const [path, text] of Object.entries(documents))
  writeFileSync(new URL(`../${path}`, import.meta.url), text())
