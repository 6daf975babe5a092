// All that is said of counts as such, of sampling and of time, in the order in which it is asked.

import type { Remark } from './remark.ts'
import { samplingRemarks } from './sampling/causes.ts'
import { timeRemarks } from './time/causes.ts'

export const remarks: readonly Remark[] = [...samplingRemarks, ...timeRemarks]
