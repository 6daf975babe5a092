import { pmacctd } from './pmacctd/index.ts'

export const probes = { pmacctd }
