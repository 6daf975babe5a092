// Single datagrams of a recording as trees, as `flowlab decode -v` prints them: the evidence of a finding. All before them is
// decoded too, since templates come first.

import { fileChunks } from '../capture/source.ts'
import { createDecoder } from '../decode/decoder.ts'
import { Output } from '../decode/print/output.ts'
import { createTreePrinter } from '../decode/print/tree.ts'
import { replay } from './replay.ts'

/** The trees of these frames, by the frame's number. Throws the system's error where the file cannot be read. */
export async function dissect(
  file: string,
  frames: ReadonlySet<number>,
): Promise<ReadonlyMap<number, string>> {
  const trees = new Map<number, string>()
  let text = ''
  const output = new Output((piece) => (text += piece))
  const printer = createTreePrinter(output)
  const decoder = createDecoder(
    { inOrder: true },
    {
      records: (batch) => {
        for (let row = 0; row < batch.rows; row++)
          if (frames.has(batch.message(row).number ?? 0)) printer.record(batch, row)
      },
      error: (error) => {
        if (error.message && frames.has(error.message.number ?? 0)) printer.error?.(error)
      },
      event: (event) => {
        if (frames.has(event.message.number ?? 0)) printer.event?.(event)
      },
    },
  )
  const decoded = ({ payload, number: frame = 0 }: { payload: Uint8Array; number?: number }): void => {
    if (!frames.has(frame)) return
    decoder.flush()
    text = ''
    printer.datagram?.(payload)
    output.flush()
    trees.set(frame, text)
  }
  await replay(file, fileChunks(file), decoder, {}, { decoded })
  return trees
}
