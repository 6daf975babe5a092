// The option --jobs, of the verbs that make several runs.

import { InvalidArgumentError, Option } from 'commander'

const jobs = (text: string): number => {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('It is a number from 1 to 99.')
  return Number(text)
}

export const jobsOption = (): Option =>
  new Option('--jobs <n>', "runs of a matrix at a time; they share the machine's time")
    .argParser(jobs)
    .default(1)
