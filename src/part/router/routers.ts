// Every router that flowlab knows, by the name it has in a lab file.

import { bird } from './bird/index.ts'
import { frr } from './frr/index.ts'

export const routers = { frr, bird }
