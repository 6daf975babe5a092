// All backends, by the names that lab files and the command call them: one literal map, each loaded when it is needed.

import type { Backend } from '../backend.ts'
import type { BackendName } from '../topology/topology.ts'
import { sandbox } from './sandbox/sandbox.ts'

export const backends = {
  sandbox: async (): Promise<Backend> => sandbox,
  docker: async (): Promise<Backend> => (await import('./docker/docker.ts')).docker,
} satisfies Readonly<Record<BackendName, () => Promise<Backend>>>
