// The command's entry: runs the program, and turns how it failed into an exit code.

import { CommanderError } from 'commander'
import { createProgram } from './program.ts'

// A reader that has seen enough is no failure; a full disk is.
process.stdout.once('error', (error: NodeJS.ErrnoException) => {
  process.stdout.on('error', () => {})
  if (error.code === 'EPIPE') process.exit()
  void import('./exit.ts').then(({ explainError }) => process.exit(explainError(error)))
})

try {
  await createProgram().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = (await import('./exit.ts')).explainError(error)
}
