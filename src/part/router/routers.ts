import { bird } from './bird/index.ts'
import { frr } from './frr/index.ts'

export const routers = { frr, bird }
