// What daemons and machine have to say beside their numbers: warnings in logs, processes that ended, offloads that are on,
// the numbers of interfaces.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lab } from '../backend.ts'
import type { Exit, InterfaceIndex, LogLine, Offloads } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import { say } from './ask.ts'
import type { RunDirectory } from './directory.ts'
import { linesOf } from './lines.ts'
import { endOf } from './process.ts'

/**
 * Lines by which probes and collectors say that something went wrong, the first so many of each process. That pmacct's core
 * loses its plugins, and that its sfprobe shuts down, is how it ends (an end that nobody asked for is an `Exit`); of what its capture
 * dropped it gives the number.
 */
const wrong =
  /\b(WARN|ERROR)\b(?!.*(?:connection lost to|no more plugins active|Shutting down on user request))|\bdropped_packets=[1-9]/
const most = 1_000

export const isComplaint = (line: string): boolean => wrong.test(line)

export async function complaints({ probes, collectors }: Plan, directory: RunDirectory): Promise<LogLine[]> {
  const lines = await Promise.all(
    [...probes, ...collectors].map(async ({ node, process }) => {
      const folder = directory.file('nodes', node, 'log')
      const files = (await readdir(folder)).filter((file) => file.startsWith(`${process}.log`))
      const found: LogLine[] = []
      for (const file of files.toSorted()) {
        let line = 0
        for await (const text of linesOf(join(folder, file))) {
          line++
          if (isComplaint(text) && found.length < most) found.push({ node, process, file, line, text })
        }
      }
      return found
    }),
  )
  return lines.flat()
}

/** Processes that should run, and do not; of one node, or of all. */
export async function exits({ nodes }: Plan, directory: RunDirectory, only?: string): Promise<Exit[]> {
  const ends = await Promise.all(
    nodes
      .filter(({ name }) => only === undefined || name === only)
      .flatMap(({ name: node, processes }) =>
        processes
          .filter(({ oneshot }) => !oneshot)
          .map(async ({ name: process }) => ({ node, process, end: await endOf(directory, node, process) })),
      ),
  )
  return ends.flatMap(({ node, process, end }) => (end ? { node, process, ...end } : []))
}

/** ethtool's names of what makes super-packets. */
const segmentation = [
  'tcp-segmentation-offload',
  'generic-segmentation-offload',
  'generic-receive-offload',
  'large-receive-offload',
]

/** Interfaces on which packets may grow beyond the MTU, of all nodes that carry addresses. */
export async function offloads(lab: Lab, { nodes }: Plan): Promise<Offloads[]> {
  const found = await Promise.all(
    nodes.flatMap(({ name: node, interfaces }) =>
      interfaces.map(async ({ name }) => {
        const features = await say(lab, node, ['ethtool', '-k', name])
        const on = segmentation.filter((feature) => new RegExp(`^${feature}: on`, 'm').test(features))
        return { node, interface: name, on }
      }),
    ),
  )
  return found.filter(({ on }) => on.length > 0)
}

/** What the kernel calls the interfaces of the nodes that are measured at (ip-link(8)). */
export async function interfaceIndexes(lab: Lab, { points }: Plan): Promise<InterfaceIndex[]> {
  const nodes = [...new Set(points.map(({ node }) => node))]
  const found = await Promise.all(
    nodes.map(async (node) => {
      const links = JSON.parse(await say(lab, node, ['ip', '-j', 'link', 'show'])) as readonly {
        readonly ifindex: number
        readonly ifname: string
      }[]
      return links.map(({ ifindex, ifname }) => ({ node, interface: ifname, index: ifindex }))
    }),
  )
  return found.flat()
}
