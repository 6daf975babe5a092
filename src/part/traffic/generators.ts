// Every traffic generator that flowlab knows, by the name it has in a lab file.

import { ditg } from './ditg/index.ts'
import { ping } from './ping/index.ts'

export const generators = { ditg, ping }
