// Files of the project that are written from its code: path → text. `npm run docs` writes them, a test compares them.

import { jsonSchema } from '../src/topology/schema.ts'
import { openApi } from '../src/server/openapi.ts'
import { verdictJsonSchema } from '../src/verify/verdict.ts'
import { cli } from './docs/cli.ts'
import { expectations } from './docs/expectations.ts'
import { findings } from './docs/findings.ts'
import { labFile } from './docs/lab-file.ts'
import { records } from './docs/records.ts'
import { parts } from './docs/parts.ts'

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

/** JSON schemas, from which editors complete and check lab files, and programs read verdicts. */
export const schemas = {
  'schema/lab.schema.json': () => json(jsonSchema()),
  'schema/verdict.schema.json': () => json(verdictJsonSchema()),
} as const

export const documents = {
  'docs/lab-file.md': labFile,
  'docs/cli.md': cli,
  'docs/findings.md': findings,
  'docs/records.md': records,
  'docs/openapi.json': () => json(openApi()),
  'docs/expectations.md': expectations,
  'docs/parts.md': parts,
} as const

export const generated: Readonly<Record<string, () => string>> = { ...schemas, ...documents }
