// `flowlab top`: a running lab, or a run, in the terminal.

import { type Command, InvalidArgumentError, Option } from 'commander'
import { keyNamed, keys } from '../query/columns.ts'
import { orders } from '../query/comparison.ts'
import type { Asked } from './top-run.ts'

type Options = Omit<Asked, 'reverse'> & { readonly reverse?: boolean }

const keyOption = (text: string): keyof typeof keys => {
  const key = keyNamed(text)
  if (!key) throw new InvalidArgumentError(`It is one of ${Object.keys(keys).join(', ')}.`)
  return key
}
const seconds = (text: string): number => {
  const value = Number(text)
  if (!(value >= 0.5 && value <= 3600))
    throw new InvalidArgumentError('It is a number of seconds, 0.5 to 3600.')
  return value * 1000
}
const rows = (text: string): number => {
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > 500)
    throw new InvalidArgumentError('It is a number, 1 to 500.')
  return Number(text)
}

export function declare(program: Command): void {
  program
    .command('top')
    .description('who talks most, in a running lab or a run: wire, exported and collected side by side')
    .argument('[run]', 'run directory, or name of a running lab')
    .addOption(
      new Option('--by <key>', `${Object.keys(keys).join(', ')}; nfdump's and pmacct's names too`)
        .argParser(keyOption)
        .default('host'),
    )
    .addOption(new Option('--order <order>', 'the largest first, by this').choices(orders).default('rate'))
    .option('--reverse', 'the smallest first')
    .addOption(
      new Option('--unit <unit>', 'a second; packets or bytes beside them')
        .choices(['bits', 'packets'])
        .default('bits'),
    )
    .option('--filter <words>', 'such as "src 192.0.2.0/24 and proto udp"', '')
    .option('--interval <seconds>', 'from one look to the next', seconds, 2000)
    .option('--rows <rows>', 'so many, where there is no terminal', rows, 20)
    .option('--once', 'print it once')
    .option('--ascii', 'draw with ASCII alone')
    .addOption(
      new Option('--format <format>', 'json: a document each look').choices(['text', 'json']).default('text'),
    )
    .addHelpText(
      'after',
      '\nOn a terminal ? shows the keys. Elsewhere it prints a table at each interval, of a run that is over once.\nColours are left out where NO_COLOR is set.',
    )
    .action(async (named: string | undefined, options: Options) => {
      const { top } = await import('./top-run.ts')
      await top(named, { ...options, reverse: options.reverse ?? false })
    })
}
