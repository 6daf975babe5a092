// Whether a file can be a recording at all, before anybody reads it: what it is instead is said by name.

import { open, stat } from 'node:fs/promises'
import { LinkError } from './refusal.ts'

/** By the octets that such files begin with: what undoes them. */
const packed: Readonly<Record<string, readonly [by: string, undone: string]>> = {
  '28b52ffd': ['zstd', 'zstd -dc'],
  '04224d18': ['lz4', 'lz4 -dc'],
  fd377a58: ['xz', 'xz -dc'],
  '425a6839': ['bzip2', 'bzip2 -dc'],
  '504b0304': ['zip', 'unzip -p'],
}

/** Throws LinkError where it is none; the system's error where there is nothing to read. */
export async function refuseFile(path: string): Promise<void> {
  const found = await stat(path)
  if (found.isDirectory()) throw new LinkError(`${path} is a directory`, 'name the capture file in it')
  if (!found.isFile())
    throw new LinkError(
      `${path} is no file but a pipe or device`,
      'write the recording to a file, and name that',
    )
  if (found.size === 0) throw new LinkError(`${path} is empty`, 'give a pcap or pcapng capture')
  const begin = Buffer.alloc(4)
  const handle = await open(path)
  try {
    await handle.read(begin, 0, 4, 0)
  } finally {
    await handle.close()
  }
  const [by, undone] = packed[begin.toString('hex')] ?? []
  if (by !== undefined)
    throw new LinkError(
      `${path} is packed by ${by}, which is not undone here (gzip is)`,
      `${undone} ${path} > ${path.replace(/\.[^.]*$/, '')}`,
    )
}
