// The command's entry: each verb is declared in a file of its own, which loads what it needs when it is called.

import { Command } from 'commander'
import { declare as declareDoctor } from './doctor.ts'
import { declare as declareValidate } from './validate.ts'

const program = new Command('flowlab')
  .description('Labs that prove whether flow monitoring (NetFlow, IPFIX, sFlow) tells the truth')
  .showHelpAfterError('(add --help for what it takes)')

for (const declare of [declareValidate, declareDoctor]) declare(program)

await program.parseAsync()
