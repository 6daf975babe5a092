// `flowlab verify`: the verdict on a running lab, whose books are closed for a moment, or once more on a run directory.

import { type Command, Option } from 'commander'
import { exitCodes } from './exit.ts'
import type { Format } from './verdict.ts'

export function declare(program: Command): void {
  program
    .command('verify')
    .description('hold what the collectors say against the wire: of a running lab, or of a run directory')
    .argument('[run]', 'run directory, or name of a running lab')
    .addOption(new Option('--format <format>', 'of the verdict').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nOf a running lab the probes are ended and started again; nothing crosses them meanwhile.',
    )
    .action(async (named: string | undefined, { format }: { format: Format }) => {
      const [{ livingLab, livingLabs, namedDirectory }, { printVerdict, reachVerdict }] = await Promise.all([
        import('./labs.ts'),
        import('./verdict.ts'),
      ])
      const directory = named === undefined ? undefined : await namedDirectory(named)
      const alive = (await livingLabs()).some((known) => known.directory.path === directory?.path)
      if (directory && !alive) {
        const verdict = await reachVerdict(directory)
        await printVerdict(verdict, directory, format)
        process.exitCode = verdict.pass ? exitCodes.pass : exitCodes.fail
        return
      }
      const living = await livingLab(named)
      const [{ closeBooks, reopen }, { exclusively }, { progress }] = await Promise.all([
        import('../run/conduct.ts'),
        import('../run/lock.ts'),
        import('./progress.ts'),
      ])
      const shown = progress()
      const run = { ...living, step: shown.step }
      await exclusively(living.directory, 'verify', () =>
        uninterrupted(async () => {
          try {
            await closeBooks(run)
          } finally {
            // Whatever went wrong, traffic may cross again.
            await reopen(run)
          }
        }),
      )
      const verdict = await reachVerdict(living.directory, shown)
      await printVerdict(verdict, living.directory, format)
      process.exitCode = verdict.pass ? exitCodes.pass : exitCodes.fail
    })
}

/** An interrupt waits until the lab is as it was; then the command ends without a verdict. */
async function uninterrupted(act: () => Promise<void>): Promise<void> {
  let code = 0
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  const wait = (signal: NodeJS.Signals): void => {
    code = signals[signal as keyof typeof signals]
    process.stderr.write(`\n${signal}: the probes are started again first\n`)
  }
  for (const signal of Object.keys(signals)) process.on(signal, wait)
  try {
    await act()
  } finally {
    for (const signal of Object.keys(signals)) process.off(signal, wait)
    if (code !== 0) process.exit(code)
  }
}
