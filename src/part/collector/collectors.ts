// Every collector that flowlab knows, by the name it has in a lab file.

import { nfacctd } from './nfacctd/index.ts'
import { nfcapd } from './nfcapd/index.ts'
import { sfacctd } from './sfacctd/index.ts'
import { sfcapd } from './sfcapd/index.ts'

export const collectors = { nfacctd, sfacctd, nfcapd, sfcapd }
