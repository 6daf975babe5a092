// Reads a lab file from disk: a file that cannot be read, or is no text, is a mistake like any other, and none is read whole
// before its size is known to be a lab file's.
import { readFileSync, statSync } from 'node:fs'
import { access, open, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { noSettings } from './compose.ts'
import type { Settings } from './compose.ts'
import { override } from './composition/extend.ts'
import { limits, readDocument } from './document.ts'
import type { LabDocument } from './document.ts'
import type { ReadFile } from './own.ts'
import { isPossible, parseVariants, tryVariants } from './parse.ts'
import type { Impossible, Parsed, ParsedVariant } from './parse.ts'
import { feedLimits, readFeed } from './feed.ts'
import { LabFileError } from './problem.ts'
import type { Problem } from './problem.ts'
import { isMapping, readDraft } from './read.ts'
import { collectProblems } from './report.ts'
import { Extends } from './composition/schema.ts'

const reasons: Readonly<Record<string, readonly [found: string, remedy: string]>> = {
  ENOENT: ['no such file', 'Check the path.'],
  EISDIR: ['a directory', 'Name the file in it, such as lab.yaml.'],
  EACCES: ['one that may not be read', 'Check its permissions.'],
}

/**
 * Reads and parses the lab file at `path`, with those that it extends: the labs that it stands for, at least one.
 * @throws LabFileError with every mistake of the file, in its order.
 */
export async function loadVariants(
  path: string,
  settings: Settings = noSettings,
): Promise<readonly ParsedVariant[]> {
  const all = parseVariants(await readWhole(path, [], { files: 0 }), settings, ownReader())
  for (const parsed of all) await checkSources(parsed)
  return Promise.all(all.map(withFeeds))
}

/**
 * As `loadVariants`, of a matrix of which some combinations may be impossible.
 * @throws LabFileError where all of them are.
 */
export async function loadPossible(
  path: string,
): Promise<{ readonly labs: readonly ParsedVariant[]; readonly impossible: readonly Impossible[] }> {
  const document = await readWhole(path, [], { files: 0 })
  const all = tryVariants(document, noSettings, ownReader())
  const possible = all.filter(isPossible)
  const labs = possible.length > 0 ? possible : parseVariants(document, noSettings, ownReader())
  for (const parsed of labs) await checkSources(parsed)
  return {
    labs: await Promise.all(labs.map(withFeeds)),
    impossible: all.flatMap((lab) => (isPossible(lab) ? [] : [lab])),
  }
}

/**
 * As `loadVariants`, of a file that is to be one lab.
 * @throws LabFileError where it is a matrix of several, too.
 */
export async function load(path: string, settings: Settings = noSettings): Promise<ParsedVariant> {
  const [first, second] = await loadVariants(path, settings)
  if (!first) throw new TypeError(`${path} stands for no lab`)
  if (!second) return first
  const combination = Object.entries(first.combination).map(([name, value]) => `--set ${name}=${value}`)
  throw new LabFileError([
    {
      position: first.positionOf(['matrix'], 'key'),
      path: ['matrix'],
      message: 'expected one lab, found a matrix of several',
      remedy: `Choose one: ${combination.join(' ')}.`,
    },
  ])
}

/** Reads files of the user's own, each once. */
function ownReader(): ReadFile {
  const known = new Map<string, ReturnType<ReadFile>>()
  return (path) => {
    const found = known.get(path) ?? readOwn(path)
    known.set(path, found)
    return found
  }
}

/** A route server's policy is larger than any lab file. */
const mostOwn = 16 << 20

function readOwn(path: string): ReturnType<ReadFile> {
  try {
    const { size } = statSync(path)
    if (size > mostOwn) return { found: `one of ${size} bytes`, remedy: 'Check the path.' }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const [found, remedy] = reasons[code ?? ''] ?? [message, 'Check the path, and save it as UTF-8.']
    return { found, remedy }
  }
}

/** Lab files that one may lead to. */
const mostFiles = 32

/**
 * A lab file over all that it extends.
 * @param chain the files that led here, by their real paths.
 */
async function readWhole(
  path: string,
  chain: readonly string[],
  count: { files: number },
): Promise<LabDocument> {
  const document = readDocument(await readText(path), path)
  const { value, positionOf } = document
  const written = isMapping(value) ? value['extends'] : undefined
  if (written === undefined) return document
  const { report, throwIfAny } = collectProblems(positionOf, document.problems)
  const bases = readDraft(Extends, written, (at, ...said) => report(['extends', ...at], ...said))
  throwIfAny()
  const here = [...chain, await realpath(path)]
  const isOne = typeof bases === 'string'
  let whole: LabDocument | undefined
  for (const [index, base] of (isOne ? [bases] : (bases ?? [])).entries()) {
    if (base === undefined) continue
    const at = isOne ? ['extends'] : ['extends', index]
    const source = isAbsolute(base) ? base : join(dirname(path), base)
    const real = await realpath(source).catch((error: NodeJS.ErrnoException) => {
      const [found, remedy] = reasons[error.code ?? ''] ?? [error.message, 'Check the path.']
      report(at, `expected a lab file at ${source}, found ${found}`, remedy)
    })
    if (real === undefined) continue
    const isCycle = here.includes(real)
    if (isCycle)
      report(at, `expected a file that does not extend this one, found ${base}, which does`, 'Leave it out.')
    else if (++count.files >= mostFiles)
      report(at, `expected at most ${mostFiles} files that extend each other, found more`, 'Join them.')
    if (isCycle || count.files >= mostFiles) continue
    const next = await readWhole(source, here, count)
    whole = whole ? override(whole, next) : next
  }
  throwIfAny()
  return whole ? override(whole, document) : document
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

/** What feeders announce, from their files. */
async function withFeeds(parsed: ParsedVariant): Promise<ParsedVariant> {
  const problems: Problem[] = []
  const nodes = await Promise.all(
    parsed.topology.nodes.map(async (node) => {
      if (!node.feed) return node
      const { source } = node.feed
      try {
        const content = await readAtMost(source, feedLimits.bytes + 1)
        if (content.length > feedLimits.bytes) throw new RangeError(`more than ${feedLimits.bytes} bytes`)
        return { ...node, feed: { source, routes: readFeed(Buffer.from(content)) } }
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException
        const [found, remedy] = reasons[code] ?? [message, 'Give a list of prefixes, or MRT (TABLE_DUMP_V2).']
        const path = ['nodes', node.name, 'feed']
        problems.push({
          position: parsed.positionOf(path),
          path,
          message: `expected a file of routes at ${source}, found ${found}`,
          remedy,
        })
        return node
      }
    }),
  )
  if (problems.length > 0) throw new LabFileError(problems)
  return { ...parsed, topology: { ...parsed.topology, nodes } }
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
