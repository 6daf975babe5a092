// Every traffic generator that flowlab knows, by the name it has in a lab file; and the one that sends the flows of a matrix.

import { ditg } from './ditg/index.ts'
import { iperf3 } from './iperf3/index.ts'
import { mgen } from './mgen/index.ts'
import { ping } from './ping/index.ts'
import { replay } from './replay/index.ts'

export const generators = { ditg, iperf3, ping, replay }

export const matrixGenerator = mgen
