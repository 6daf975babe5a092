// `flowlab netem LINK`: what a link of a running lab does to what crosses it.

import { type Command, InvalidArgumentError } from 'commander'
import * as scalars from '../topology/scalars.ts'
import type { Impairment } from '../topology/topology.ts'

interface Options extends Impairment {
  readonly lab?: string
  readonly clear?: true
}

export function declare(program: Command): void {
  program
    .command('netem')
    .description('impair a link of a running lab')
    .argument('<link>', 'two nodes such as r2:x, or an interface such as r2:eth0')
    .option('--rate <rate>', 'bits per second in each direction: 10mbit', read(scalars.parseBitrate))
    .option('--loss <share>', '10% at random, or 1/10: exactly every tenth packet', read(scalars.parseLoss))
    .option(
      '--delay <time>',
      'of each packet, in each direction: 20ms, or 0 for none',
      read(scalars.parseDuration),
    )
    .option('--jitter <time>', 'how far the delay varies to both sides, or 0', read(scalars.parseDuration))
    .option('--clear', 'as the lab file has it')
    .option('--lab <lab>', 'name or run directory, where several are alive')
    .addHelpText(
      'after',
      '\nWhat is not named is as the lab file has it, whatever an earlier call said. The link needs a wire in its middle:' +
        '\none with a rate, delay or loss, with an event of its own, or with `impair: on` has it.' +
        '\nThe timeline notes it, and the verdict books to it what it cost.',
    )
    .action(async (named: string, { lab, clear, ...asked }: Options) => {
      const [
        { livingLab },
        { linkOf },
        { exclusively },
        { impairAsEvent },
        { InputError },
        { lacking },
        check,
      ] = await Promise.all([
        import('./labs.ts'),
        import('./link.ts'),
        import('../run/lock.ts'),
        import('../run/impair.ts'),
        import('./exit.ts'),
        import('../machine/examine.ts'),
        import('../machine/check.ts'),
      ])
      const isNothing = Object.keys(asked).length === 0
      if (isNothing === (clear === undefined))
        throw new InputError(
          isNothing ? 'nothing is said of the link' : '--clear stands by itself',
          'write such as --rate 10mbit or --loss 1%, or --clear alone',
        )
      if (asked.jitter !== undefined && asked.delay === undefined)
        throw new InputError('--jitter needs --delay', 'it is how far the delay varies')
      const living = await livingLab(lab)
      const { wire, name } = linkOf(living.plan, named)
      const lacks =
        living.backend !== 'sandbox'
          ? []
          : await lacking({ ...living.plan, nodes: [{ ...wire, impairment: asked }] })
      if (lacks.length > 0) throw check.refusal(lacks)
      await exclusively(living.directory, 'netem', () =>
        impairAsEvent(living, wire, name, clear ? undefined : asked),
      )
    })
}

const read =
  <T>(parse: (text: string) => T | undefined) =>
  (text: string): T => {
    const value = parse(text)
    if (value === undefined) throw new InvalidArgumentError('It is no such value.')
    return value
  }
