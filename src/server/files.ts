// Reads files of run directories, which may be anybody's: never through a link that leads out of the directory, and never
// more than a bound.

import { open, realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import type { RunDirectory } from '../run/directory.ts'
import { absent, Refusal } from './refusal.ts'

/** Larger values than this are not read into memory, in octets. */
const most = 256 * 1024 * 1024

/** The path of a file that is in the run directory, links followed. Throws Refusal where it is not there, or elsewhere. */
export async function within(directory: RunDirectory, ...names: string[]): Promise<string> {
  const name = names.join('/')
  if (name.includes('\0')) throw absent('the file')
  const [home, path] = await Promise.all([
    realpath(directory.path),
    realpath(directory.file(...names)).catch(() => undefined),
  ])
  if (path === undefined || !path.startsWith(home + sep)) throw absent(name)
  return path
}

/** A part of a file as text: at most `length` octets, from its end where `from` is negative. */
export async function part(
  path: string,
  from: number,
  length: number,
): Promise<{ text: string; begin: number; size: number }> {
  const file = await open(path, 'r')
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw absent('the file')
    const begin = from < 0 ? Math.max(0, stat.size + from) : Math.min(from, stat.size)
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, stat.size - begin)))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, begin)
    return { text: buffer.subarray(0, bytesRead).toString('utf8'), begin, size: stat.size }
  } finally {
    await file.close()
  }
}

/** A JSON value of the run directory; undefined where there is none. Throws Refusal where it is too large, or no JSON. */
export async function value<T>(directory: RunDirectory, name: string): Promise<T | undefined> {
  const path = await within(directory, `${name}.json`).catch(() => undefined)
  if (path === undefined) return undefined
  const { text, size } = await part(path, 0, most)
  if (size > most) throw new Refusal(413, { error: `${name}.json of ${directory.path} is too large` })
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new Refusal(409, {
      error: `${name}.json of ${directory.path} is damaged: ${(error as Error).message}`,
      remedy: 'run the lab again',
    })
  }
}
