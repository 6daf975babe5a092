// The names of a lab file that expectations may use, of a draft as well as of a whole file.
import type { Names } from '../expect/refusal.ts'
import { catalogue } from '../verify/causes/causes.ts'
import type { Draft } from './read.ts'
import type { LabFile } from './schema.ts'

export const namesOf = ({
  nodes = {},
  probes = {},
  collectors = {},
  events = [],
}: Draft<typeof LabFile>): Names => ({
  nodes: Object.keys(nodes),
  ases: [
    ...new Set(Object.values(nodes).flatMap((node) => (node?.as === undefined ? [] : [String(node.as)]))),
  ],
  probes: Object.keys(probes),
  collectors: Object.keys(collectors),
  points: [
    ...new Set(
      Object.values(probes).flatMap((probe) => (probe?.at ? [`${probe.at.node}:${probe.at.interface}`] : [])),
    ),
  ],
  events: events.flatMap((event) => event?.name ?? []),
  causes: catalogue.map(({ id }) => id),
})
