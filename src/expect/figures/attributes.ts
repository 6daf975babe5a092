// Figures of what collectors show of a host's routes: AS numbers, paths, next hops, as they stand in the tables' rows.

import type { Figure } from '../figure.ts'

const words: Readonly<Record<string, readonly [says: string, example: string]>> = {
  as: ['The AS that traffic to the host goes to.', 'as of h32 is 65533'],
  'as-path': ['The AS path that traffic to the host takes.', 'as-path of h32 is 65530 65533'],
  'peer-as': ['The neighbouring AS that traffic to the host is handed to.', 'peer-as of h32 is 65530'],
  'next-hop': ['The next hop of traffic to the host.', 'next-hop of h32 is 192.168.56.2'],
  'src-as': ['The AS that traffic from the host comes from.', 'src-as of h32 is 65533'],
  'src-as-path': [
    'The AS path to where traffic from the host comes from.',
    'src-as-path of h32 is 65530 65533',
  ],
  'src-peer-as': [
    'The neighbouring AS that traffic from the host is handed over by.',
    'src-peer-as of h32 is 65530',
  ],
}

export const attributeFigures: readonly Figure[] = Object.entries(words).map(([name, [says, example]]) => ({
  name,
  units: ['text'],
  text: name === 'next-hop' ? 'address' : name.endsWith('path') ? 'path' : 'AS',
  takes: ['of'],
  places: ['node'],
  says,
  example,
  read: ({ shown }, scope) =>
    shown
      .filter((each) => each.attribute === name && each.node === scope.of?.name)
      .map(({ collector, table, values }) => ({
        where: `${collector}/${table}`,
        value: undefined,
        texts: values,
      })),
}))
