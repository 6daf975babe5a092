// Containers keep what every backend promises.
import { docker } from '../../src/backend/docker/docker.ts'
import { contract } from '../support/contract.ts'
import { cannotDocker } from '../support/docker.ts'

contract('docker', docker, await cannotDocker())
