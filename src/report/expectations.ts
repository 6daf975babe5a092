// Expectations as lines: each with what was found of it.

import { styleText } from 'node:util'
import type { Verdict } from '../verify/verdict.ts'

const mostPlaces = 3

export const expectationsText = (expectations: Verdict['expectations']): string =>
  expectations
    .map(({ text, at, holds, found, where }) => {
      const places = where.slice(0, mostPlaces).join('; ')
      const rest = where.length > mostPlaces ? `; and ${where.length - mostPlaces} more` : ''
      const sign = holds ? styleText('green', '✔') : styleText('red', '✘')
      return [
        `  ${sign} ${text}\n`,
        `    found: ${found}${places === '' ? '' : `, ${places}${rest}`}\n`,
        holds ? '' : `    ${at}\n`,
      ].join('')
    })
    .join('')
