// The packets of the observation points as they were recorded: waits until the recordings hold all that the kernel counted, and
// reads them for the verdict.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../backend.ts'
import type { Direction, Wire } from '../evidence.ts'
import type { ObservationPoint, Plan } from '../plan/plan.ts'
import type { Store } from '../store.ts'
import { countPackets } from '../truth/packets/count.ts'
import { loadPackets } from '../truth/packets/load.ts'
import { packetRecorder, packetsPath } from '../truth/packets/recorder.ts'
import { countRecorded } from '../truth/transport/read.ts'
import type { RunDirectory } from './directory.ts'
import { settled } from './wait.ts'

const directions: readonly Direction[] = ['in', 'out']

const fileOf = (directory: RunDirectory, point: ObservationPoint, direction: Direction): string =>
  join(directory.file('nodes', point.node, 'log'), packetsPath(point, direction).split('/').at(-1) ?? '')

/** Comes back when the recordings are whole, or grow no more: of what is missing there the verdict says so. */
export async function written(
  lab: Lab,
  { points }: Plan,
  wires: readonly Wire[],
  directory: RunDirectory,
): Promise<void> {
  await Promise.all(
    points.flatMap((point) =>
      directions.map(async (direction) => {
        const expected =
          wires.find((wire) => wire.point === point.name)?.directions[direction].total.packets ?? 0
        const { name } = packetRecorder(point, direction)
        const count = countRecorded(fileOf(directory, point, direction))
        await settled(
          async () => {
            const runs = await lab.signal(point.node, name, 'SIGUSR2')
            return { runs, ...(await count()) }
          },
          ({ runs, packets }) => !runs || packets >= expected,
        )
      }),
    ),
  )
}

export const crossedFiles = (directory: RunDirectory, { points }: Plan): string[] =>
  points.flatMap((point) => directions.map((direction) => fileOf(directory, point, direction)))

/** Points without a recording are left out. */
export async function loadCrossed(
  store: Store,
  { points }: Plan,
  directory: RunDirectory,
  extentOf: (file: string) => number,
): Promise<void> {
  for (const point of points)
    for (const [index, direction] of directions.entries()) {
      const file = fileOf(directory, point, direction)
      const way = index === 0 ? 0 : 1
      if (existsSync(file))
        await store.load('packets', { point: point.name }, ({ settle, ...loader }) =>
          countPackets(
            file,
            { take: (flows) => void loadPackets(loader, flows, way), settle },
            extentOf(file),
          ),
        )
    }
}
