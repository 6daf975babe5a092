// `flowlab ui`: the page of all runs, served on this machine.

import { type Command, InvalidArgumentError, Option } from 'commander'
import { chartOptions, type Place } from './chart-place.ts'

const port = (text: string): number => {
  const value = Number(text)
  if (!/^\d{1,5}$/.test(text) || value > 65_535) throw new InvalidArgumentError('It is a port, 0 to 65535.')
  return value
}

/** Of verbs that bring up a lab. */
export const uiOption = (): Option =>
  new Option('--ui', 'serve the page beside it and open it; it stays until it is interrupted')

interface Shown {
  readonly ui?: boolean
  readonly dir?: string
}

/** What a verb does, with the page beside it where that is asked for. */
export const withPage =
  <Given extends Shown>(act: (file: string, options: Given) => Promise<void>) =>
  async (file: string, options: Given): Promise<void> => {
    if (!options.ui) return act(file, options)
    const { serveBeside } = await import('./serve.ts')
    return serveBeside(options, () => act(file, options))
  }

interface Options extends Partial<Place> {
  readonly runs: string
  readonly port: number
  readonly listen?: string
  readonly open?: boolean
}

export function declare(program: Command): void {
  chartOptions(program.command('ui'))
    .description('serve a page with every lab that runs and every run directory')
    .option('--runs <directory>', 'where run directories are', 'runs')
    .option('--port <port>', 'to listen on; 0 is one that is free', port, 8080)
    .option('--listen <address>', 'to be reached from elsewhere, with a token (default: loopback)')
    .option('--open', 'open it in the browser')
    .addHelpText('after', '\nServes until it is interrupted. Nothing can be changed through it.')
    .action(async ({ runs, ...options }: Options) => {
      const { serve, untilInterrupted } = await import('./serve.ts')
      const listening = await serve({ ...options, runs: [runs], charts: options })
      process.stdout.write(`${listening.url}\n`)
      untilInterrupted(listening)
    })
}
