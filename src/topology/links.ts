// Which link an event means: by two nodes (`r2:x`), by an interface (`r2:eth0`), or by its two endpoints as `links` has them.

import type { InterfaceName } from './topology.ts'

export type Ends = readonly [InterfaceName, InterfaceName]

/** Not yet sure to be whole. */
export type WrittenLink = string | readonly [string | undefined, string | undefined]

export const linkText = (written: WrittenLink): string =>
  typeof written === 'string' ? written : written.join(' ')

/** Every link that is meant; one, where the name is good. */
export function meantLinks(written: WrittenLink, links: readonly Ends[]): readonly Ends[] {
  if (typeof written !== 'string') {
    const [a, b] = written
    return links.filter(([x, y]) => (isAt(x, a) && isAt(y, b)) || (isAt(x, b) && isAt(y, a)))
  }
  const [node = '', other = ''] = written.split(':')
  const at = links.filter((ends) => ends.some((end) => end.node === node && end.interface === other))
  return at.length > 0
    ? at
    : links.filter(([a, b]) => (a.node === node && b.node === other) || (b.node === node && a.node === other))
}

const isAt = (end: InterfaceName, written: string | undefined): boolean =>
  end.node === written || `${end.node}:${end.interface}` === written
