// The keys by which lab files are made of one another and several runs of one file. They are gone before the lab is read; the
// lab's own keys are ../schema.ts's.
import { z } from 'zod'
import { some, text, words } from '../fields.ts'

const variable = text(
  /^(?!(?:exclude|__proto__)$)[A-Za-z_][\w-]{0,62}$/,
  'the name of a variable: letters, digits, _ and -',
  'Write such as RATE.',
)
const path = text(/^[^\p{Cc}]{1,4096}$/u, 'the path of a file', 'Write the path of a lab file.')
const axisValue = z
  .union([z.string().regex(/^[^\p{Cc}]{1,100}$/u), z.int(), z.boolean()])
  .transform((value) => value)
  .register(words, {
    expected: 'a value: text of one line, a whole number, true or false',
    remedy: 'Write such a value; what is larger goes into vars.',
  })

const axis = some(axisValue.describe('A value of the variable.'), 'value', '1, 10, 100')
export const Axes = z.record(variable, axis)
export const Exclude = z.array(
  z.record(variable, axisValue.describe('A value of the axis.')).describe('Values of some of the axes.'),
)
export const Vars = z.record(variable, z.unknown().describe('Anything that a value of a lab file may be.'))
export const Extends = z.union([path, some(path, 'path', 'base.yaml')])

export const composition = {
  extends: Extends.describe(
    'Lab files that this one goes on from, by their paths from it: mappings are merged, anything else is replaced, null takes away; of several the later one wins.',
  ).optional(),
  vars: Vars.describe(
    'Variables by name: ${NAME} stands for one in any value. --set NAME=VALUE sets it for a run.',
  ).optional(),
  matrix: z
    .object({ exclude: Exclude.describe('Combinations to leave out.').optional() })
    .catchall(axis.describe('The values that the variable of this name takes.'))
    .describe('Variables with several values each: every combination of them becomes a run.')
    .optional(),
}
