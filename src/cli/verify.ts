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
      const [{ closeBooks, reopen }, { progress }] = await Promise.all([
        import('../run/conduct.ts'),
        import('./progress.ts'),
      ])
      const shown = progress()
      const run = { ...living, step: shown.step }
      await closeBooks(run)
      await reopen(run)
      const verdict = await reachVerdict(living.directory, shown)
      await printVerdict(verdict, living.directory, format)
      process.exitCode = verdict.pass ? exitCodes.pass : exitCodes.fail
    })
}
