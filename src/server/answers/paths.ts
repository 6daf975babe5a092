// Traffic by AS path and between ASes: of the wire by the routers' own tables, of the collectors by what their rows say.

import { prepare } from '../../query/records.ts'
import type { Query } from '../api/endpoints.ts'
import type { FlowOfPath, Paths } from '../api/flows.ts'
import type { Witness } from '../api/values.ts'
import type { Archives } from '../archives.ts'
import type { Run } from '../runs.ts'
import { command, ofPoint } from './command.ts'

const patience = 10_000
/** Paths and pairs that are told. */
const most = 1_000

export async function pathsOf(
  archives: Archives,
  run: Run,
  { filter, point }: Query<'/api/runs/:run/paths'>,
  signal: AbortSignal,
): Promise<Paths> {
  const words = ofPoint(filter, point)
  return archives.use(run, async (archive) => {
    await archive.routes({ ms: patience, signal })
    const given = { ms: patience, signal }
    const ask = async (witness: Witness, group: readonly string[]) => {
      const { page, sum } = prepare({ witness, group, filter: words })
      const rows = await archive.ask(page(most, 0), given)
      const total = rows.length < most ? rows.length : Number((await archive.ask(sum, given))[0]?.['total'])
      return {
        left: total - rows.length,
        rows: rows.map((row) => ({
          values: group.map((name) => String(row[name])),
          packets: Number(row['packets'] ?? 0),
          bytes: Number(row['bytes'] ?? 0),
        })),
      }
    }
    const flows = async (witness: Witness): Promise<{ left: number; rows: FlowOfPath[] }> => {
      const { left, rows } = await ask(witness, ['path'])
      return {
        left,
        rows: rows.map(({ values: [path = '?'], ...volume }) => ({ path: path.split(' '), ...volume })),
      }
    }
    const pairs = async (witness: Witness) => {
      const { left, rows } = await ask(witness, ['sourceAs', 'destinationAs'])
      return {
        left,
        rows: rows.map(({ values: [source = '?', destination = '?'], ...volume }) => ({
          source,
          destination,
          ...volume,
        })),
      }
    }
    const [wire, collected] = [await flows('wire'), await flows('collected')]
    const between = {
      wire: await pairs('wire'),
      exported: await pairs('exported'),
      collected: await pairs('collected'),
    }
    const matrix = {
      wire: between.wire.rows,
      exported: between.exported.rows,
      collected: between.collected.rows,
    }
    return {
      wire: wire.rows,
      collected: collected.rows,
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
      left: {
        wire: wire.left,
        exported: between.exported.left,
        collected: collected.left,
        pairs: Math.max(...Object.values(between).map((each) => each.left)),
      },
      command: command(run, 'records', { witness: 'wire', group: 'path', filter: words }),
    }
  })
}
