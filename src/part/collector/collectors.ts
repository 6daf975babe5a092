import { nfacctd } from './nfacctd/index.ts'

export const collectors = { nfacctd }
