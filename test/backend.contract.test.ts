// The sandbox keeps what every backend promises; test/docker does the same for containers.
import { once } from 'node:events'
import { sandbox } from '../src/backend/sandbox/sandbox.ts'
import { contract } from './support/contract.ts'
import { cannot } from './support/labs.ts'

contract({
  name: 'sandbox',
  backend: sandbox,
  reason: cannot,
  // The process that keeps the node's namespaces has its name; whoever kills it is killed too.
  crash: async (lab, _, node) => {
    const killing = lab.spawn(node, ['sh', '-c', `kill -9 $(pgrep -f '^node:${node}')`], 'ignore')
    await once(killing, 'close')
  },
})
