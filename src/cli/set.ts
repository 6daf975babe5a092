// The option by which a user sets a lab's variables, of every verb that reads a lab file.

import { InvalidArgumentError, Option } from 'commander'
import { type Scalar, scalarOf } from '../topology/composition/scalar.ts'
import type { Settings } from '../topology/compose.ts'

export type Assignments = Readonly<Record<string, Scalar>>

function setting(text: string, before: Assignments = {}): Assignments {
  const [, name, value = ''] = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new InvalidArgumentError('It is NAME=VALUE.')
  return { ...before, [name]: scalarOf(value) }
}

export const setOption = (): Option =>
  new Option(
    '--set <name=value>',
    "a variable's value, instead of the lab file's (may be repeated)",
  ).argParser(setting)

export const settingsOf = ({ set = {} }: { readonly set?: Assignments }): Settings => ({
  set,
  environment: process.env,
})
