// Writes schema/lab.schema.json, from which editors complete and check lab files: `npm run schema` after a change of
// src/topology/schema.ts. A test compares the two.
import { mkdirSync, writeFileSync } from 'node:fs'
import { jsonSchema } from '../src/topology/schema.ts'

const folder = new URL('../schema/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('lab.schema.json', folder), `${JSON.stringify(jsonSchema(), null, 2)}\n`)
