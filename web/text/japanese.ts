// All that the server says, in Japanese; loaded when the page speaks it.

import { collecting } from './ja/causes/collecting.ts'
import { exporting } from './ja/causes/exporting.ts'
import { metering } from './ja/causes/metering.ts'
import { routing } from './ja/causes/routing.ts'
import { evidence } from './ja/evidence.ts'
import { findings } from './ja/findings.ts'
import { words } from './ja/words.ts'
import type { TranslatedCauses } from './ja/causes/cause.ts'
import type { Sentences } from './sentences.ts'

export const sentences: Sentences = { ...findings, ...evidence, ...words }
export const causes: TranslatedCauses = { ...metering, ...exporting, ...collecting, ...routing }
