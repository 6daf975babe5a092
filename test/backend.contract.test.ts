// The sandbox keeps what every backend promises; test/docker does the same for containers.
import { sandbox } from '../src/backend/sandbox/sandbox.ts'
import { contract } from './support/contract.ts'
import { cannot } from './support/labs.ts'

contract('sandbox', sandbox, cannot)
