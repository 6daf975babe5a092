// Traffic by AS path and between ASes: of the wire by the routers' own tables, of the collectors by what their rows say.

import { prepare } from '../../query/records.ts'
import type { Query } from '../api/endpoints.ts'
import type { FlowOfPath, Paths } from '../api/flows.ts'
import type { Witness } from '../api/values.ts'
import type { Archives } from '../archives.ts'
import type { Run } from '../runs.ts'
import { command } from './command.ts'

const patience = 10_000
/** Paths and pairs that are told. */
const most = 1_000

export async function pathsOf(
  archives: Archives,
  run: Run,
  { filter, point }: Query<'/api/runs/:run/paths'>,
  signal: AbortSignal,
): Promise<Paths> {
  const words = [
    filter?.trim() ? `(${filter})` : '',
    point === undefined ? '' : `point "${point.replaceAll('"', '')}"`,
  ]
    .filter(Boolean)
    .join(' and ')
  return archives.use(run, async (archive) => {
    await archive.routes({ ms: patience, signal })
    const ask = async (witness: Witness, group: readonly string[]) => {
      const rows = await archive.ask(prepare({ witness, group, filter: words }).page(most, 0), {
        ms: patience,
        signal,
      })
      return rows.map((row) => ({
        values: group.map((name) => String(row[name])),
        packets: Number(row['packets'] ?? 0),
        bytes: Number(row['bytes'] ?? 0),
      }))
    }
    const flows = async (witness: Witness): Promise<FlowOfPath[]> =>
      (await ask(witness, ['path'])).map(({ values: [path = '?'], packets, bytes }) => ({
        path: path.split(' '),
        packets,
        bytes,
      }))
    const pairs = async (witness: Witness) =>
      (await ask(witness, ['sourceAs', 'destinationAs'])).map(
        ({ values: [source = '?', destination = '?'], packets, bytes }) => ({
          source,
          destination,
          packets,
          bytes,
        }),
      )
    const matrix = {
      wire: await pairs('wire'),
      exported: await pairs('exported'),
      collected: await pairs('collected'),
    }
    return {
      wire: await flows('wire'),
      collected: await flows('collected'),
      exported: matrix.exported.map(({ source, destination, ...volume }) => ({
        path: source === destination ? [source] : [source, destination],
        ...volume,
      })),
      matrix: {
        systems: [
          ...new Set(
            Object.values(matrix).flatMap((cells) =>
              cells.flatMap((each) => [each.source, each.destination]),
            ),
          ),
        ].sort((a, b) => (Number(a) || Infinity) - (Number(b) || Infinity)),
        ...matrix,
      },
      command: command(run, 'records', { witness: 'wire', group: 'path', filter: words }),
    }
  })
}
