// The ids that an ordinary user may give away: a lab's own users (frr, bird, …) are some of them. Source: subuid(5), whose lines
// are `user:first:count`; unshare(1) --map-auto takes the first line that is the user's.

import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { asRoot, type Check } from './check.ts'

interface Range {
  /** A name, or a uid in digits. */
  readonly owner: string
  readonly first: number
  readonly count: number
}

/** Debian's system users are 0 to 999 (Debian policy, section 9.2.2). */
const least = 1_000
/** As many as useradd(8) gives each user, and where it begins. */
const customary = { first: 100_000, count: 65_536 }

/** Lines that are none are passed over, as shadow does. */
export const parseRanges = (text: string): Range[] =>
  text.split('\n').flatMap((line) => {
    const [, owner, first, count] = /^([^:\s]+):(\d+):(\d+)$/.exec(line.trim()) ?? []
    return owner === undefined ? [] : [{ owner, first: Number(first), count: Number(count) }]
  })

/** A range of the customary size that is free in all of the files, and beyond all that is given away there. */
export function freeRange(ranges: readonly Range[]): string {
  const first = Math.max(customary.first, ...ranges.map((range) => range.first + range.count))
  return `${first}-${first + customary.count - 1}`
}

const kinds = [
  { file: '/etc/subuid', option: '--add-subuids' },
  { file: '/etc/subgid', option: '--add-subgids' },
] as const

export async function checkSubordinateIds(): Promise<Check> {
  const { username, uid } = userInfo()
  const files = await Promise.all(
    kinds.map(async (kind) => ({ ...kind, ranges: parseRanges(await read(kind.file)) })),
  )
  const own = files.map((each) => ({
    ...each,
    range: each.ranges.find(({ owner }) => owner === username || owner === String(uid)),
  }))
  const lacking = own.filter(({ range }) => (range?.count ?? 0) < least)
  const free = freeRange(files.flatMap(({ ranges }) => ranges))
  const options = lacking.map(({ option }) => `${option} ${free}`).join(' ')
  const found = own.map(({ file, range }) => `${file} ${range ? `${range.first}+${range.count}` : 'none'}`)
  return {
    what: 'subordinate ids',
    state: lacking.length > 0 ? 'missing' : 'ok',
    found: found.join(', '),
    why: `${least} at least, for a lab's own users (frr, bird, …)`,
    remedy: { command: asRoot(`usermod ${options} ${username}`) },
  }
}

const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')
