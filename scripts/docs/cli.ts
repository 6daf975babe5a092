// docs/cli.md: what `flowlab VERB --help` prints, of every verb, and the exit codes.

import type { Command } from 'commander'
import { exitCodes } from '../../src/cli/exit.ts'
import { createProgram } from '../../src/cli/program.ts'
import { code, document, origin, table } from './markdown.ts'

const codes: Readonly<Record<keyof typeof exitCodes, string>> = {
  pass: 'The books balance, the attributes are right; or the verb did what it was asked.',
  fail: 'They do not: the verdict has findings.',
  input: 'What was given is wrong: a lab file, an argument, a file to read.',
  machine: 'The machine cannot: a program or kernel feature is missing, no namespaces, no room.',
  internal: 'flowlab itself failed; `FLOWLAB_DEBUG=1` shows where.',
}

export function cli(): string {
  const program = createProgram()
  return document(
    origin('src/cli'),
    '# The command',
    'Results go to standard output, progress and errors to standard error. Verbs that are about a running lab find it by themselves where only one is alive.',
    help(program),
    '## Exit codes',
    table(
      ['code', 'meaning'],
      Object.entries(exitCodes).map(([name, value]) => [String(value), codes[name as keyof typeof codes]]),
    ),
    '`exec` and `capture` exit with the code of the program that they ran; an interrupted run with 128 and the signal’s number.',
    ...program.commands.flatMap((command) => [`## ${title(command)}`, help(command)]),
  )
}

const title = (command: Command): string =>
  [command.name(), ...command.aliases().map((alias) => `(${code(alias)})`)].join(' ')

/** With the texts that the verbs add to their help. */
function help(command: Command): string {
  let text = ''
  command.configureOutput({
    writeOut: (written) => {
      text += written
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``
}
