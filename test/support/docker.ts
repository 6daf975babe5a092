// Whether this machine has a container engine to test with, with flowlab's image in it.
import { connect } from '../../src/backend/docker/engine.ts'
import { partsImage } from '../../src/backend/docker/containers.ts'

/** Why labs cannot live in containers here; undefined where they can. */
export const cannotDocker: string | undefined = await connect()
  .then((engine) => engine.getImage(partsImage).inspect())
  .then(
    () => undefined,
    (error: unknown) => `no containers: ${(error as Error).message}`,
  )
