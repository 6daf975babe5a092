// The map of a lab and the facts of its nodes.

import { z } from 'zod'
import { end, time, volume } from './values.ts'

const place = { x: z.number(), y: z.number() }

export const mapNode = z.strictObject({
  name: z.string(),
  kind: z.enum(['frr', 'bird', 'host', 'bridge']),
  as: z.number().optional(),
  ...place,
  addresses: z.array(z.string()).describe('With prefix lengths; loopback first.'),
  probes: z.array(z.string()),
  collectors: z.array(z.string()),
})

export const mapLink = z.strictObject({
  id: z.string(),
  ends: z.tuple([end, end]),
  impaired: z.boolean().describe('It may lose, delay or slow down what crosses it, or be cut.'),
})

export const map = z.strictObject({
  width: z.number(),
  height: z.number(),
  nodes: z.array(mapNode).describe('Places are the same for the same plan, on every load.'),
  systems: z
    .array(z.strictObject({ as: z.number(), ...place, width: z.number(), height: z.number() }))
    .describe('Autonomous systems: x and y of the upper left corner.'),
  links: z.array(mapLink),
  sessions: z.array(
    z.strictObject({
      node: z.string(),
      local: z.string(),
      localAs: z.number(),
      peer: z.string(),
      peerAs: z.number(),
      to: z.strictObject({ kind: z.enum(['router', 'probe', 'collector']), name: z.string() }),
    }),
  ),
  probes: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      node: z.string(),
      interface: z.string(),
      point: z.string(),
      protocol: z.string(),
      exports: z.array(
        z.strictObject({
          collector: z.string(),
          node: z.string().describe("The collector's."),
          address: z.string(),
          port: z.number(),
          path: z.array(z.string()).describe('Nodes that the exports cross, by the fewest links.'),
        }),
      ),
    }),
  ),
  collectors: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      node: z.string(),
      address: z.string(),
      port: z.number(),
    }),
  ),
})

export const nodeFacts = z.strictObject({
  name: z.string(),
  kind: z.string(),
  as: z.number().optional(),
  interfaces: z.array(
    z.strictObject({
      name: z.string(),
      addresses: z.array(z.string()),
      mtu: z.number(),
      peer: end.optional().describe('The other end of its link.'),
      point: z.boolean().describe('Whether it is an observation point.'),
    }),
  ),
  loopback: z.array(z.string()),
  staticRoutes: z.array(z.string()).describe('Arguments of `ip route add`.'),
  routes: z
    .array(
      z.strictObject({
        prefix: z.string(),
        path: z.array(z.number()),
        nextHop: z.string().optional(),
      }),
    )
    .describe('Best paths of BGP when they were last read; of routers only.'),
  routesTaken: time.optional(),
  sessions: z.array(z.strictObject({ peer: z.string(), as: z.number(), to: z.string(), local: z.string() })),
  processes: z.array(z.strictObject({ name: z.string(), command: z.string() })),
  files: z.array(z.strictObject({ path: z.string(), text: z.string() })).describe('Generated configuration.'),
  logs: z.array(z.strictObject({ name: z.string(), bytes: z.number() })),
  counters: z
    .array(
      z.strictObject({
        point: z.string(),
        direction: z.enum(['in', 'out']),
        total: volume,
        flows: z.number().int(),
      }),
    )
    .describe("Of the kernel, at the node's observation points."),
  commands: z.array(z.strictObject({ what: z.string(), command: z.string() })).describe('To be copied.'),
})

export const logTail = z.strictObject({
  name: z.string(),
  bytes: z.number(),
  lines: z.array(z.string()).describe('The last ones.'),
  cut: z.boolean().describe('Whether there are lines before these.'),
})

export type LabMap = z.infer<typeof map>
export type MapNode = z.infer<typeof mapNode>
export type MapLink = z.infer<typeof mapLink>
export type NodeFacts = z.infer<typeof nodeFacts>
export type LogTail = z.infer<typeof logTail>
