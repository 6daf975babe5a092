// Reads a lab file from disk: a file that cannot be read, or is no text, is a mistake like any other, and none is read whole
// before its size is known to be a lab file's.
import { access, open } from 'node:fs/promises'
import { limits } from './document.ts'
import { parseWithPositions } from './parse.ts'
import type { Parsed } from './parse.ts'
import { LabFileError } from './problem.ts'

const reasons: Readonly<Record<string, readonly [found: string, remedy: string]>> = {
  ENOENT: ['no such file', 'Check the path.'],
  EISDIR: ['a directory', 'Name the file in it, such as lab.yaml.'],
  EACCES: ['one that may not be read', 'Check its permissions.'],
}

/**
 * Reads and parses the lab file at `path`.
 * @throws LabFileError with every mistake of the file, in its order.
 */
export async function load(path: string): Promise<Parsed> {
  const parsed = parseWithPositions(await readText(path), path)
  await checkSources(parsed)
  return parsed
}

/**
 * The text of a lab file, or of another that becomes one.
 * @throws LabFileError where it cannot be read, is too large or no text.
 */
export async function readText(path: string): Promise<string> {
  const refuse = (found: string, remedy: string): never => {
    const position = { file: path, line: 1, column: 1 }
    throw new LabFileError([{ position, path: [], message: `expected a lab file, found ${found}`, remedy }])
  }
  // A character takes 3 bytes of UTF-8 for each UTF-16 code unit at most.
  const most = limits.characters * 3
  const content = await readAtMost(path, most + 1).catch((error: NodeJS.ErrnoException) => {
    const [found, remedy] = reasons[error.code ?? ''] ?? [error.message, 'Check the path.']
    return refuse(found, remedy)
  })
  if (content.length > most) refuse(`more than ${most} bytes`, 'Give the lab file; it is not this one.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return refuse('bytes that are not UTF-8', 'Save it as UTF-8.')
  }
}

/** What nodes bind must be there. */
async function checkSources({ topology, positionOf }: Parsed): Promise<void> {
  const binds = topology.nodes.flatMap((node) =>
    node.binds.map(({ source }, index) => ({ source, path: ['nodes', node.name, 'binds', index] })),
  )
  const problems = await Promise.all(
    binds.map(async ({ source, path }) => {
      const code = await access(source).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      )
      if (code === undefined) return []
      const [found, remedy] = reasons[code] ?? [code, 'Check the path.']
      const message = `expected a file or directory at ${source}, found ${found}`
      return [{ position: positionOf(path), path, message, remedy }]
    }),
  )
  if (problems.some((each) => each.length > 0)) throw new LabFileError(problems.flat())
}

/** The first `most` bytes of a file, or of a pipe such as /dev/stdin. */
async function readAtMost(path: string, most: number): Promise<Uint8Array> {
  await using file = await open(path)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= most) break
  }
  return Buffer.concat(chunks)
}
