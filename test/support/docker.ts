// Whether there is a container engine to test with, with flowlab's image in it. scripts/test.mjs starts one beside the other
// tests and makes the image meanwhile; what came of it stands in the file that FLOWLAB_TEST_ENGINE names.
import { existsSync, readFileSync } from 'node:fs'
import { partsImage } from '../../src/backend/docker/containers.ts'
import { connect } from '../../src/backend/docker/engine.ts'
import { eventually } from './labs.ts'

/** Why labs cannot live in containers here; undefined where they can. */
export async function cannotDocker(): Promise<string | undefined> {
  const outcome = process.env['FLOWLAB_TEST_ENGINE']
  if (outcome !== undefined) {
    await eventually(() => (existsSync(outcome) ? undefined : 'the image is being made'), 240_000)
    const refused = readFileSync(outcome, 'utf8').trim()
    if (refused !== '') return refused
  }
  const engine = await connect().catch((error: unknown) => error as Error)
  if (engine instanceof Error) return engine.message
  return engine
    .getImage(partsImage)
    .inspect()
    .then(
      () => undefined,
      () => `the engine has no ${partsImage}: run \`flowlab image build\``,
    )
}
