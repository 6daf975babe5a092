// `flowlab doctor`: what labs need of this machine, what is there, and the one command that brings what is not.

import { arch, release, userInfo } from 'node:os'
import { type Command, Option } from 'commander'
import { type Check, formatRemedy, type Remedies, type Remedy } from '../machine/check.ts'

export function declare(program: Command): void {
  program
    .command('doctor')
    .description('what this machine lacks for labs, and the command that brings it')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExits with 0 if nothing is missing, with 3 if something is.')
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const [{ examine }, { examineEngine }, { commandOf, remediesOf }] = await Promise.all([
        import('../machine/examine.ts'),
        import('../image/examine.ts'),
        import('../machine/check.ts'),
      ])
      const checks = (await Promise.all([examine(), examineEngine()])).flat()
      const remedies = remediesOf(checks)
      const complete = checks.every(isMet)
      if (format === 'json') {
        const told = checks.map(({ remedy, ...check }) =>
          check.state === 'missing' ? { ...check, remedy: formatRemedy(remedy) } : check,
        )
        process.stdout.write(`${JSON.stringify({ complete, checks: told, ...remedies }, null, 2)}\n`)
      } else {
        process.stdout.write(await text(checks, remedies, commandOf(remedies)))
      }
      if (!complete) process.exitCode = 3
    })
}

/** Whether every lab that does not ask for more can do with it. */
const isMet = ({ state, optional }: Check): boolean => state === 'ok' || optional === true

const marks: Readonly<Record<Check['state'], string>> = { ok: '✓', missing: '✗', unknown: '?' }

async function text(checks: readonly Check[], remedies: Remedies, command: string): Promise<string> {
  const { table } = await import('../report/table.ts')
  const rows = checks.map(({ what, state, found, why, optional, remedy }) =>
    optional && state === 'missing'
      ? ['–', what, optionally(found, remedy), why]
      : [marks[state], what, found, why],
  )
  return [
    `flowlab on Linux ${release()} (${arch()}) as ${userInfo().username}`,
    '',
    table({}, rows, ''),
    ...closing(checks, remedies, command),
    '',
  ].join('\n')
}

/** Nothing that has to be brought. */
const optionally = (found: string, remedy: Remedy): string =>
  'package' in remedy ? `not there: package ${remedy.package}` : `${found}: ${formatRemedy(remedy)}`

function closing(checks: readonly Check[], { packages, advice }: Remedies, command: string): string[] {
  if (checks.every(isMet)) return ['Nothing is missing: every lab can run here.']
  return [
    ...(command === '' ? [] : [`To bring what is missing:`, '', `  ${command}`, '']),
    ...(packages.length === 0
      ? []
      : [
          'Debian starts the services that come along; in a checkout of flowlab `node scripts/setup.mjs`',
          'does the same and leaves them off.',
        ]),
    ...advice.map((each) => `To be decided by you: ${each}`),
  ]
}
