// Whether labs can live in containers here: the engine, and in it flowlab's image with what a lab needs.

import { MachineError } from '../backend.ts'
import { partsImage } from '../backend/docker/containers.ts'
import { asked, connect, socketPath } from '../backend/docker/engine.ts'
import type { Check } from '../machine/check.ts'
import type { Plan } from '../plan/plan.ts'
import { neededBy, packages, parseVersions, versionsLabel } from './packages.ts'

/** Labs in the sandbox do without. */
export async function examineEngine(): Promise<Check[]> {
  const common = { what: 'container engine', why: 'labs with backend: docker', optional: true }
  try {
    const engine = await connect()
    const { Version } = await asked(engine.version())
    const found = `${Version} ${socketPath()}`
    return [{ ...common, state: 'ok', found, remedy: { package: 'docker.io' } }, await examineImage()]
  } catch (error) {
    if (!(error instanceof MachineError)) throw error
    return [{ ...common, state: 'missing', found: error.message, remedy: { advice: error.remedy } }]
  }
}

async function examineImage(): Promise<Check> {
  const common = { what: "flowlab's image", why: "the nodes' programs, with backend: docker", optional: true }
  const lacks = await lackingInImage(packages)
  return lacks === undefined
    ? { ...common, state: 'ok', found: partsImage, remedy }
    : { ...common, state: 'missing', found: lacks, remedy }
}

const remedy = { advice: '`flowlab image build`' }

/** Throws MachineError where the image lacks packages that the plan's nodes need; an engine without it says so itself. */
export async function checkImage(plan: Plan): Promise<void> {
  const lacks = await lackingInImage(neededBy(plan))
  if (lacks === undefined) return
  const option = neededBy(plan).every((name) => packages.includes(name)) ? '' : ' --databases'
  throw new MachineError(lacks, `\`flowlab image build${option}\` makes it anew`)
}

/** undefined where nothing is lacking, and of an image that somebody else has made, which does not say what it holds. */
async function lackingInImage(names: readonly string[]): Promise<string | undefined> {
  const engine = await connect()
  const image = await engine
    .getImage(partsImage)
    .inspect()
    .catch(() => undefined)
  if (!image) return `the engine has no ${partsImage}`
  const label = (image.Config as typeof image.Config | undefined)?.Labels?.[versionsLabel]
  if (label === undefined) return undefined
  const versions = parseVersions(label)
  const lacks = names.filter((name) => versions[name] === undefined)
  return lacks.length === 0 ? undefined : `${partsImage} lacks ${lacks.join(', ')}`
}
