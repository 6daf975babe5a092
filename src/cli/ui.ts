// `flowlab ui`: the page of all runs, served on this machine.

import { type Command, InvalidArgumentError } from 'commander'

const port = (text: string): number => {
  const value = Number(text)
  if (!/^\d{1,5}$/.test(text) || value > 65_535) throw new InvalidArgumentError('It is a port, 0 to 65535.')
  return value
}

export function declare(program: Command): void {
  program
    .command('ui')
    .description('serve a page with every lab that runs and every run directory')
    .option('--runs <directory>', 'where run directories are', 'runs')
    .option('--port <port>', 'to listen on; 0 is one that is free', port, 8080)
    .option('--listen <address>', 'to be reached from elsewhere, with a token (default: loopback)')
    .option('--open', 'open it in the browser')
    .addHelpText('after', '\nServes until it is interrupted. Nothing can be changed through it.')
    .action(async (options: { runs: string; port: number; listen?: string; open?: boolean }) => {
      const { serve } = await import('./serve.ts')
      const { url, close } = await serve(options)
      process.stdout.write(`${url}\n`)
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.once(signal, () => void close().then(() => process.exit(0)))
    })
}
