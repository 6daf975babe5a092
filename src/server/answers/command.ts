// The command that prints what an answer shows, to be copied into a terminal.

import type { Run } from '../runs.ts'

/** As a shell reads it. */
export const quoted = (text: string): string =>
  /^[\w./:,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

export const command = (
  { directory }: Run,
  verb: string,
  options: Readonly<Record<string, string | number | undefined>> = {},
): string =>
  [
    'flowlab',
    verb,
    quoted(directory.path),
    ...Object.entries(options).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [`--${name}=${quoted(String(value))}`],
    ),
  ].join(' ')

/** Filter words that say the same of one observation point. */
export const ofPoint = (filter: string | undefined, point: string | undefined): string =>
  [
    ...(filter?.trim() ? [point === undefined ? filter : `(${filter})`] : []),
    ...(point === undefined ? [] : [`point "${point.replaceAll('"', '')}"`]),
  ].join(' and ')
