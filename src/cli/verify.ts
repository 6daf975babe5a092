// `flowlab verify`: the verdict on a running lab, whose books are closed for a moment, once more on a run directory, or on
// recordings of somebody's own link.

import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { exitCodes } from './exit.ts'
import type { RecordingOptions } from './recordings.ts'
import { type Format, formatOption } from './format.ts'

type Options = { readonly format: Format } & Partial<RecordingOptions>

export function declare(program: Command): void {
  program
    .command('verify')
    .description(
      'hold what the collectors say against the wire: of a running lab, of a run directory, or of recordings',
    )
    .argument('[run]', 'run directory, or name of a running lab')
    .addOption(formatOption())
    .option('--wire <capture>', 'capture of a link of your own, in place of a lab')
    .option('--exports <capture>', 'recording of what the probe at that link exported')
    .option(
      '--interval <from..to>',
      'judge only this time (ISO 8601 or Unix seconds; either may be left out)',
    )
    .addOption(
      new Option('--direction <direction>', 'judge only packets that the capture says went this way').choices(
        ['in', 'out'],
      ),
    )
    .option('--exporter <address>', 'judge only what this address exported')
    .option('--sampling <n>', 'the probe samples 1:N (default: what its exports announce)')
    .option('--filter <expression>', 'judge only such flows, in the words of pcap-filter(7)')
    .addHelpText(
      'after',
      [
        '\nOf a running lab the probes are ended and started again; nothing crosses them meanwhile.',
        'With --wire and --exports no lab is needed: the packets of a capture are held against what a probe exported of',
        'them. Both files may be pcap or pcapng, gzip too. See docs/verify-captures.md.',
      ].join('\n'),
    )
    .action(async (named: string | undefined, options: Options) => {
      const { format } = options
      const { judgeRecordings, wantsRecordings } = await import('./recordings.ts')
      if (wantsRecordings(named, options)) {
        const pass = await judgeRecordings(options, format)
        process.exitCode = pass ? exitCodes.pass : exitCodes.fail
        return
      }
      const [{ livingLab, livingLabs, namedDirectory }, { printVerdict, reachVerdict }] = await Promise.all([
        import('./labs.ts'),
        import('./verdict.ts'),
      ])
      const directory = named === undefined ? undefined : await namedDirectory(named)
      const alive = (await livingLabs()).some((known) => known.directory.path === directory?.path)
      if (directory && !alive) {
        const verdict = await reachVerdict(directory)
        // Where the run kept none; a directory that is somebody else's stays as it is.
        if (!existsSync(directory.file('verdict.json')))
          await directory.write('verdict', verdict).catch((error: NodeJS.ErrnoException) => {
            if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code ?? '')) throw error
          })
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
