// `flowlab decode FILE…`: what exporters said, from captures.
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { DecodeOptions } from '../replay/files.ts'

const number = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}

export function declare(program: Command): void {
  program
    .command('decode')
    .description('print what NetFlow, IPFIX and sFlow exporters sent')
    .argument('<file...>', 'pcap, pcapng (gzip too) or IPFIX files; - is standard input')
    .option('-v, --verbose', 'print datagrams as trees, every field with its offset')
    .option('--stats', 'print only counts, by exporter and domain')
    .addOption(
      new Option('--format <format>', 'output format (default: text on a terminal, else ndjson)').choices([
        'text',
        'json',
        'ndjson',
        'csv',
      ]),
    )
    .option('-c, --count <count>', 'stop after so many records', number)
    .option('--exporter <address>', 'only what this exporter (or sFlow agent) sent')
    .option('--domain <id>', 'only this observation domain (v9 source ID, sFlow sub-agent)', number)
    .option('--protocol <name>', 'only this protocol: netflow5, netflow9, ipfix, sflow5, …')
    .addHelpText(
      'after',
      '\nThe protocol is recognised by content, on any port.\nExits with 0; with 3 if its output cannot be written; with 2 if a file cannot be read or nothing in it could be decoded.',
    )
    .action(async (files: string[], options: DecodeOptions) => {
      const { decodeFiles } = await import('../replay/files.ts')
      process.exitCode = await decodeFiles(files, { ...options, terminal: process.stdout.isTTY })
    })
}
