// Containers keep what every backend promises.
import { label } from '../../src/backend/docker/containers.ts'
import { docker } from '../../src/backend/docker/docker.ts'
import { connect } from '../../src/backend/docker/engine.ts'
import { contract } from '../support/contract.ts'
import { cannotDocker } from '../support/docker.ts'

contract({
  name: 'docker',
  backend: docker,
  reason: await cannotDocker(),
  crash: async (_, directory, node) => {
    const engine = await connect()
    const [found] = await engine.listContainers({
      filters: { label: [`${label.directory}=${directory}`, `${label.linksOf}=${node}`] },
    })
    await engine.getContainer(found?.Id ?? '').kill()
  },
})
