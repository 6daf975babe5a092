// The forms in which a verdict is printed.

import { Option } from 'commander'

export const formats = ['text', 'json', 'markdown', 'junit'] as const
export type Format = (typeof formats)[number]

export const formatOption = (): Option =>
  new Option('--format <format>', 'of the verdict; markdown and junit are for CI')
    .choices(formats)
    .default('text')
