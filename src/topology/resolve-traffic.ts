// An entry of a lab file's traffic → its intent: one flow, or a matrix with its ends and their hosts.

import { resolve as absolute } from 'node:path'
import { type Family, formatPrefix } from '../kernel/address.ts'
import { bytes } from '../kernel/units.ts'
import type { FamilyName } from './families.ts'
import { given, never } from './given.ts'
import { endsOf, matrixHosts } from './matrix.ts'
import type { LabFile } from './schema.ts'
import type { FlowTraffic, MatrixEnd, MatrixTraffic, Traffic } from './topology.ts'

type Written = LabFile['traffic'][number]

interface Context {
  /** The family that is named, else the first that all of the nodes have. */
  readonly familyOf: (word: FamilyName | undefined, ...nodes: string[]) => Family
  /** From which a file is named. */
  readonly directory: string
}

export function trafficOf(entry: Written, lab: LabFile, { familyOf, directory }: Context): Traffic {
  if (entry.kind === 'matrix') return matrixOf(entry, lab)
  if (entry.kind !== 'replay') return flowOf(entry, familyOf(entry.family, entry.from, entry.to))
  const { kind, at, sides, from = '', to = '', source, destination, rate } = entry
  const hosts = sides ? Object.keys(sides) : [from, to]
  const recorded = {
    ...{ kind, at, for: entry.for },
    ...{ family: familyOf(entry.family, ...hosts), file: absolute(directory, entry.file) },
  }
  if (!sides)
    return {
      ...{ ...recorded, from, to },
      source: [formatPrefix(source ?? never('a source'))],
      destination: [formatPrefix(destination ?? never('a destination'))],
      ...given('rate', rate),
    }
  return {
    ...recorded,
    sides: Object.entries(sides).map(([host, prefixes]) => ({
      host,
      prefixes: [prefixes].flat().flatMap((prefix) => (prefix === 'any' ? [] : [formatPrefix(prefix)])),
    })),
  }
}

function flowOf(flow: Exclude<Written, { kind: 'matrix' | 'replay' }>, family: Family): FlowTraffic {
  const { tos, ...rest } = flow
  const service = given('tos', tos)
  if (rest.kind === 'ping') return { ...rest, family, size: bytes(rest.size), ...service }
  if (rest.kind === 'iperf3') {
    const { rate, size, ...test } = rest
    const wished = { ...given('rate', rate), ...(size === undefined ? {} : { size: bytes(size) }) }
    return { ...test, family, ...wished, ...service }
  }
  const { from, to, at, kind, udp, tcp, application } = rest
  const sending = application
    ? { application }
    : { protocol: udp ? ('udp' as const) : ('tcp' as const), ...(udp ?? tcp ?? never('udp or tcp')) }
  return { from, to, family, at, kind, ...sending, for: rest.for, ...service }
}

function matrixOf(entry: Extract<Written, { kind: 'matrix' }>, lab: LabFile): MatrixTraffic {
  const { weights = {}, demands, rate, volume, flows, tos, ...rest } = entry
  const written = demands && Object.entries(demands)
  const named = written ? written.flatMap(([from, to]) => [from, ...Object.keys(to)]) : Object.keys(weights)
  const ends = endsOf(matrixHosts(lab), named, demands ? 'named' : 'all').map((end): MatrixEnd => {
    const weight = weights[end.name] ?? end.hosts.length
    return { ...end, ...(typeof weight === 'number' ? { sends: weight, receives: weight } : weight) }
  })
  return {
    ...rest,
    ends,
    ...given(
      'demands',
      written?.flatMap(([from, row]) => Object.entries(row).map(([to, amount]) => ({ from, to, amount }))),
    ),
    total:
      rate === undefined
        ? volume === undefined
          ? { flows: flows ?? never('a total') }
          : { volume }
        : { rate },
    ...given('tos', tos),
  }
}
