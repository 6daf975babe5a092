// The command's entry: runs the program, and turns how it failed into an exit code.

import { CommanderError } from 'commander'
import { createProgram } from './program.ts'

// Who reads may have had enough: what is left to say is not said, and the exit code stays.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

// A reader that has seen enough is no failure; a full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  void import('./exit.ts').then(({ explainError }) => process.exit(explainError(error)))
})

try {
  await createProgram().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = (await import('./exit.ts')).explainError(error)
}
