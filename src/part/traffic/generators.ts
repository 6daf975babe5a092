import { ditg } from './ditg/index.ts'
import { ping } from './ping/index.ts'

export const generators = { ditg, ping }
