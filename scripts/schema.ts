// Writes the JSON schemas: `npm run schema` after a change of src/topology/schema.ts or src/verify/verdict.ts.
import { writeFileSync } from 'node:fs'
import { schemas } from './generated.ts'

for (const [path, text] of Object.entries(schemas))
  writeFileSync(new URL(`../${path}`, import.meta.url), text())
