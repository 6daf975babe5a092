// Text → plain data and where each part of it stands. YAML is taken strictly and within bounds, for the file may be anyone's:
// size, depth and aliases are limited before anything is built of them.
import { Composer, LineCounter, Parser, isScalar } from 'yaml'
import type { CST, ErrorCode, ScalarTag, Tags, YAMLError } from 'yaml'
import { LabFileError } from './problem.ts'
import type { Position, Problem } from './problem.ts'
import { indexPositions } from './positions.ts'
import type { PositionOf } from './positions.ts'

export interface LabDocument {
  /** Mappings, lists, text, true, false, null, and whole numbers; a number is one only if it prints as it was written. */
  readonly value: unknown
  readonly positionOf: PositionOf
  /** As it was written. */
  readonly text: string
  /** Mistakes that leave the rest worth checking: keys that are written twice. */
  readonly problems: readonly Problem[]
}

export const limits = { characters: 1 << 20, depth: 32, aliases: 100 }

/** Only what is the same as text and as a number is a number: 1.10, 077 and 0x1f stay as they were written. */
const tags = (core: Tags): Tags =>
  core.flatMap((tag): Tags => {
    if (typeof tag === 'string' || tag.collection !== undefined) return [tag]
    if (tag.tag.endsWith(':float') || tag.format !== undefined) return []
    const test = plain[tag.tag.slice(tag.tag.lastIndexOf(':') + 1)]
    return [test ? ({ ...tag, test } satisfies ScalarTag) : tag]
  })
const plain: Readonly<Record<string, RegExp>> = { int: /^(?:0|-?[1-9]\d{0,14})$/, bool: /^(?:true|false)$/ }

const tab = 'expected spaces as indentation, found a tab'

/** What to say of what the YAML parser refuses, and what to do about it; its own words where they are plain. */
const refusals: Partial<Record<ErrorCode, readonly [remedy: string, message?: string]>> = {
  BAD_DQ_ESCAPE: ['Use single quotes, in which a backslash is a backslash.'],
  BAD_INDENT: ['Close the bracket, or indent what stands in it.'],
  BAD_SCALAR_START: ['Put the text in quotes.'],
  BLOCK_AS_IMPLICIT_KEY: [
    "Put text that contains ': ' in quotes; begin nested keys on a line of their own.",
    'expected one key on the line, found another after it',
  ],
  MISSING_CHAR: ['Write what is missing.'],
  MULTILINE_IMPLICIT_KEY: ["Write key: value; check the indentation and the ':' of the lines around."],
  NON_STRING_KEY: ['Write a plain word as the key.', 'expected a word as the key, found a list or a mapping'],
  TAB_AS_INDENT: ['Indent with spaces.', tab],
  TAG_RESOLVE_FAILED: ['Leave the tag out; put text that begins with ! in quotes.'],
  UNEXPECTED_TOKEN: ['Check the indentation, quotes and brackets here.'],
}

/**
 * Reads a lab file's text.
 * @throws LabFileError where it is not YAML, or beyond the limits: then nothing else of it can be judged.
 */
export function readDocument(text: string, file: string): LabDocument {
  const lines = new LineCounter()
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const refuse = (offset: number, message: string, remedy: string): never => {
    throw new LabFileError([{ position: position(offset), path: [], message, remedy }])
  }
  if (text.length > limits.characters)
    refuse(
      0,
      `expected at most ${limits.characters} characters, found ${text.length}`,
      'Give the lab file; it is not this one.',
    )

  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  const deep = tooDeep(tokens)
  if (deep !== undefined)
    refuse(
      deep,
      `expected at most ${limits.depth} levels, found more`,
      'A lab file needs no more than seven.',
    )

  const options = {
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    resolveKnownTags: false,
  } as const
  const composer = new Composer({ ...options, schema: 'core', customTags: tags })
  const [document, second] = composer.compose(tokens, true, text.length)
  const errors = [...(document?.errors ?? []), ...(document?.warnings ?? [])]
  if (errors.length > 0) throw new LabFileError(onePerLine(errors, position))
  if (second)
    refuse(
      second.range[0],
      'expected one lab, found a second document',
      'Leave out the --- and what follows, or make it a file of its own.',
    )
  if (!document?.contents || (isScalar(document.contents) && document.contents.value === null))
    return refuse(
      0,
      'expected a lab, found an empty file',
      'Begin with name, nodes and links; examples/janog36/lab.yaml is a whole one.',
    )

  const { positionOf, duplicates, excess } = indexPositions(document.contents, text, position, limits.aliases)
  if (excess) refuse(excess.offset, excess.message, excess.remedy)
  try {
    return { value: document.toJS({ maxAliasCount: limits.aliases }), positionOf, text, problems: duplicates }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return refuse(
      0,
      'expected aliases that can be written out, found ones that stand for too much',
      'Write the parts out.',
    )
  }
}

/** The offset of a node that is nested too deeply. The composer recurses, and dies of it; tokens can be walked by hand. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { token: CST.Token | null | undefined; depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }))
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next
    if (!token) continue
    if (depth > limits.depth) return token.offset
    if (token.type === 'document') open.push({ token: token.value, depth })
    if (!('items' in token)) continue
    for (const item of token.items)
      open.push({ token: item.key, depth: depth + 1 }, { token: item.value, depth: depth + 1 })
  }
  return undefined
}

/** One missing bracket makes many errors: the first of each line tells what is wrong. */
function onePerLine(errors: readonly YAMLError[], position: (offset: number) => Position): Problem[] {
  const problems = new Map<number, Problem>()
  for (const { code, message, pos } of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const at = position(pos[0])
    if (problems.has(at.line) || problems.size === 20) continue
    // What a tab has put out of its column is no mistake of its own.
    if (code !== 'TAB_AS_INDENT' && [...problems.values()].some(({ message: known }) => known === tab))
      continue
    const [remedy, words] = refusals[code] ?? ['Write it as YAML 1.2 has it.']
    const [first = ''] = message.split('\n', 1)
    problems.set(at.line, {
      position: at,
      path: [],
      message: words ?? `expected YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`,
      remedy,
    })
  }
  return [...problems.values()]
}
