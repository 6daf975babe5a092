// Every probe that flowlab knows, by the name it has in a lab file.

import { fprobe } from './fprobe/index.ts'
import { ovs } from './ovs/index.ts'
import { pmacctd } from './pmacctd/index.ts'
import { softflowd } from './softflowd/index.ts'

export const probes = { pmacctd, softflowd, fprobe, ovs }
