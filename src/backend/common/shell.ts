// Words for the shell, and what every program in a lab finds around itself.

/** A word for the shell, whatever it holds. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

export const words = (argv: readonly string[]): string => argv.map(quote).join(' ')

/** Acts side by side, each in a shell of its own; the first that fails ends the script. */
export const sideBySide = (acts: readonly (readonly string[])[]): string[] => [
  'pids=',
  ...acts.map((lines) => `(\n${lines.join('\n')}\n) & pids="$pids $!"`),
  'for pid in $pids; do wait "$pid"; done',
]

/** Programs are found in the administrator's directories too, which an ordinary user's PATH leaves out. */
export const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What a node's programs find in their environment. */
export const environment: readonly string[] = ['env', '-i', `PATH=${path}`, 'HOME=/tmp', 'LANG=C.UTF-8']

/** The caller's kind of terminal, for programs that draw on it. */
export const terminal = (): string[] =>
  process.env['TERM'] === undefined ? [] : [`TERM=${process.env['TERM']}`]
