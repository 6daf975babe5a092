// The command's entry: each verb is declared in a file of its own, which loads what it needs when it is called.

import { Command, CommanderError } from 'commander'
import { declare as declareCapture } from './capture.ts'
import { declare as declareDeploy } from './deploy.ts'
import { declare as declareDestroy } from './destroy.ts'
import { declare as declareExec } from './exec.ts'
import { declare as declareInspect } from './inspect.ts'
import { declare as declareRun } from './run.ts'
import { declare as declareTraffic } from './traffic.ts'
import { declare as declareValidate } from './validate.ts'
import { declare as declareVerify } from './verify.ts'

const verbs = [
  declareRun,
  declareDeploy,
  declareInspect,
  declareExec,
  declareCapture,
  declareTraffic,
  declareVerify,
  declareDestroy,
  declareValidate,
]

const program = new Command('flowlab')
  .description('Labs that prove whether flow monitoring (NetFlow, IPFIX, sFlow) tells the truth')
  .enablePositionalOptions()
for (const declare of verbs) declare(program)
for (const command of [program, ...program.commands])
  command.exitOverride().showHelpAfterError('(add --help for what it takes)')

// A reader that has seen enough is no failure; a full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  void import('./exit.ts').then(({ explainError }) => process.exit(explainError(error)))
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = (await import('./exit.ts')).explainError(error)
}
