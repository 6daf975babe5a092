// The kinds of field that a lab file has, each with its words: what is expected there, and what to do about anything else.
// zod checks the values and gives the JSON schema; its own messages are never shown, those of `words` are.
import { z } from 'zod'
import { covers, formatPrefix, network, parseInterfaceAddress, parsePrefix } from '../kernel/address.ts'
import type { Family, InterfaceAddress, Prefix } from '../kernel/address.ts'
import type { Milliseconds } from '../kernel/units.ts'
import * as scalars from './scalars.ts'
import { listing, show, suggestion } from './suggest.ts'

export interface Words {
  /** What stands after "expected". */
  readonly expected: string
  readonly remedy: string | ((found: unknown) => string)
}

/** What is said where a field of this kind cannot be read. */
export const words = z.registry<Words>()

/** A field that `parse` reads from its text. `accepts` is what editors are told of it. */
export function scalar<T>(
  accepts: z.ZodType<string | number | boolean>,
  parse: (text: string) => T | undefined,
  said: Words,
) {
  const schema = accepts.transform((found, context): T => {
    const value = parse(String(found))
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `expected ${said.expected}` })
    return z.NEVER
  })
  return schema.register(words, said)
}

/** Tries what the user may have meant, and says `Write …` with the first that can be read. */
export const write =
  (parse: (text: string) => unknown, tries: readonly ((text: string) => string)[], otherwise: string) =>
  (found: unknown): string => {
    const text = typeof found === 'string' || typeof found === 'number' ? String(found).slice(0, 100) : ''
    const meant = tries.map((attempt) => attempt(text)).find((attempt) => parse(attempt) !== undefined)
    return meant === undefined ? otherwise : `Write ${meant}.`
  }

export const text = (pattern: RegExp, expected: string, remedy: Words['remedy']) =>
  z.string().regex(pattern).register(words, { expected, remedy })

export const choice = <const T extends readonly string[]>(...values: T) =>
  z.enum(values).register(words, {
    expected: listing(values),
    remedy: (found) =>
      suggestion(found, values, `Write ${values.length > 1 ? 'one of them' : String(values[0])}.`),
  })

/** A list that is not empty. */
export const some = <T extends z.ZodType>(item: T, what: string, example: string) =>
  z
    .array(item)
    .min(1)
    .register(words, { expected: `a list of at least one ${what}`, remedy: `Write such as [${example}].` })

/** The two ends' of something, in their order. */
export const pair = <T extends z.ZodType>(first: T, second: T, expected: string, remedy: string) =>
  z.tuple([first, second]).register(words, { expected, remedy })

export const integer = (minimum: number, maximum: number, what: string) =>
  z
    .int()
    .min(minimum)
    .max(maximum)
    .register(words, {
      expected: `${what} from ${minimum} to ${maximum}`,
      remedy: 'Write a whole number within these bounds, without quotes.',
    })

export const name = text(
  scalars.namePattern,
  'a name of 1 to 63 letters a-z, digits and -, not beginning with -',
  (found) => {
    const tame = show(found)
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 63)
    if (typeof found === 'number') return `Put it in quotes: "${found}".`
    return typeof found === 'string' && tame !== '' ? `Call it ${tame}.` : 'Give it such a name.'
  },
)

const asnWords: Words = {
  expected: 'an AS number from 1 to 4294967294',
  remedy: (found) => {
    const plain = scalars.parseAsdot(String(found))
    if (plain !== undefined)
      return `Write ${plain}: asdot is not read here, for YAML takes it for a fraction.`
    if (String(found) === '23456') return 'Take another one: 23456 is AS_TRANS, and no router peers with it.'
    return 'Write it as one number (asplain), such as 65531 or 4200000001.'
  },
}
export const asn = scalar(z.int().min(1).max(4_294_967_294), scalars.parseAsn, asnWords)
export const asnKey = z
  .string()
  .regex(/^[1-9]\d{0,9}$/)
  .refine((key) => scalars.parseAsn(key) !== undefined)
  .register(words, asnWords)

const durationOf = (
  accepts: z.ZodType<string | number>,
  parse: (found: string) => Milliseconds | undefined,
  expected: string,
) =>
  scalar(accepts, parse, {
    expected,
    remedy: (found) =>
      parse(`${show(found)}s`) !== undefined && /^[\d.]+$/.test(show(found))
        ? `Write ${show(found)}s or ${show(found)}ms.`
        : write(
            parse,
            [(given) => given.replace(/^([\d.]+) *(ms|s|m)[a-z]*$/i, '$1$2').toLowerCase()],
            'Write whole milliseconds up to a day, such as 150ms, 4s or 2m.',
          )(found),
  })
const durationText = z.string().regex(scalars.durationPattern)
export const duration = durationOf(z.union([durationText, z.literal(0)]), scalars.parseDuration, 'a duration')
export const positiveDuration = durationOf(
  durationText,
  (found) => scalars.parseDuration(found) || undefined,
  'a duration above 0',
)

/** Whole seconds, as programs' command lines and configurations have them. */
const parseSeconds = (found: string): Milliseconds | undefined => {
  const span = scalars.parseDuration(found)
  return span && span % 1000 === 0 ? span : undefined
}
export const seconds = scalar(durationText, parseSeconds, {
  expected: 'a duration of whole seconds, at least one',
  remedy: write(parseSeconds, [(found) => `${found}s`], 'Write whole seconds, such as 15s or 2m.'),
})

export const unicastAddress = scalar(
  z.string().regex(/^\d+\.\d+\.\d+\.\d+$/),
  (found) => {
    const given = usable(4, parseInterfaceAddress(`${found}/32`))
    return given && formatPrefix(given).replace(/\/32$/, '')
  },
  { expected: 'an IPv4 unicast address', remedy: 'Write such as 192.0.2.1.' },
)

export const onOff = scalar(
  z.union([z.boolean(), z.enum(['on', 'off'])]),
  (found) => ({ on: true, true: true, off: false, false: false })[found],
  {
    expected: 'on or off',
    remedy: (found) => suggestion(found, ['on', 'off'], 'Write on or off.'),
  },
)

/** Text without control characters: it goes into a configuration file, where a line break would begin another directive. */
export const optionValue = scalar(
  z.union([z.string(), z.int(), z.boolean()]),
  (found) => (/^[^\p{Cc}]{0,1000}$/u.test(found) ? found : undefined),
  { expected: 'the value of a directive, on one line', remedy: 'Write text, a number or true or false.' },
)

export const endpoint = scalar(z.string().regex(scalars.endpointPattern), scalars.parseEndpoint, {
  expected: 'an endpoint, node or node:interface',
  remedy: (found) =>
    typeof found === 'string' && found.includes(':')
      ? 'Write such as "r2:eth0": an interface is 1 to 15 characters of letters, digits, . _ and -, and none of lo, all, default.'
      : 'Write such as "r2:eth0", or r2 for its next free interface.',
})

export const interfaceName = scalar(
  z.string().regex(/^[^:\s]+:[^:\s]+$/),
  (found) => {
    const { node, interface: at } = scalars.parseEndpoint(found) ?? {}
    return node === undefined || at === undefined ? undefined : { node, interface: at }
  },
  { expected: 'an interface, node:interface', remedy: 'Write such as r2:eth0.' },
)

/** A link by text (`r2:x`, `r2:eth0`) or by its two endpoints; what it names is check/events.ts's to find. */
export const linkName = z.union([
  text(
    /^[^:\s]+:[^:\s]+$/,
    'a link, by its two nodes, an interface or its endpoints',
    'Write such as r2:x, r2:eth0 or ["r2:eth0", "x:eth0"].',
  ),
  pair(
    text(scalars.endpointPattern, 'an endpoint, node or node:interface', 'Write such as r2:eth0.'),
    text(scalars.endpointPattern, 'an endpoint, node or node:interface', 'Write such as r2:eth0.'),
    'two endpoints',
    'Write such as ["r2:eth0", "x:eth0"].',
  ),
])

/** What belongs to no interface, or to more than one: RFC 6890; RFC 1112, section 4; RFC 4291, sections 2.5 to 2.7. */
const notUnicast = [
  ...['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'],
  ...['::/128', '::1/128', '::ffff:0:0/96', 'fe80::/10', 'ff00::/8'],
].flatMap((prefix) => parsePrefix(prefix) ?? [])

/** Of IPv6 also: not link-local, which every interface has of its own. */
const unicast = (found: Prefix): boolean => !notUnicast.some((each) => covers(each, found.address))

const cleared = (found: string): string => {
  const given = parseInterfaceAddress(found)
  return given ? formatPrefix(network(given)) : ''
}

interface FamilyWords {
  readonly name: string
  readonly pattern: RegExp
  readonly prefix: string
  readonly address: string
  /** The length of prefix that is usual. */
  readonly length: number
}

const families: Readonly<Record<Family, FamilyWords>> = {
  4: {
    name: 'IPv4',
    pattern: /^\d+\.\d+\.\d+\.\d+\/\d{1,2}$/,
    prefix: '192.0.128.0/24',
    address: '192.0.128.1/24',
    length: 24,
  },
  6: {
    name: 'IPv6',
    pattern: /^[\da-fA-F:.]*:[\da-fA-F:.]*\/\d{1,3}$/,
    prefix: '2001:db8:0:1::/64',
    address: '2001:db8:0:1::1/64',
    length: 64,
  },
}

/** Of one family; a text of the other is no prefix. */
const usable = (family: Family, found: Prefix | undefined) =>
  found && found.address.family === family && unicast(found) ? found : undefined

const none = 'none'

/** What an end of a link has: an address of this family with its prefix length. */
export function interfaceAddress(family: Family) {
  const { name: called, pattern, address, length } = families[family]
  const parse = (found: string): InterfaceAddress | undefined => usable(family, parseInterfaceAddress(found))
  return scalar(z.string().regex(pattern), parse, {
    expected: `an ${called} unicast address with its prefix length`,
    remedy: write(parse, [(found) => `${found}/${length}`], `Write such as ${address}.`),
  })
}

/** What a link has: a prefix of this family, or none of it. */
export function linkPrefix(family: Family) {
  const { name: called, pattern, prefix: example, length } = families[family]
  const parse = (found: string) => usable(family, parsePrefix(found))
  return scalar(
    z.union([z.string().regex(pattern), z.literal(none)]),
    (found): Prefix | typeof none | undefined => (found === none ? none : parse(found)),
    {
      expected: `an ${called} prefix of unicast addresses, without host bits, or none`,
      remedy: (found) =>
        usable(family === 4 ? 6 : 4, parsePrefix(String(found)))
          ? `Write it as ipv${family === 4 ? 6 : 4}.`
          : write(
              parse,
              [cleared, (given) => cleared(`${given}/${length}`)],
              `Write such as ${example}.`,
            )(found),
    },
  )
}

/** A prefix of this family alone. */
export function ownPrefix(family: Family) {
  const { name: called, pattern, prefix: example, length } = families[family]
  const parse = (found: string) => usable(family, parsePrefix(found))
  return scalar(z.string().regex(pattern), parse, {
    expected: `an ${called} prefix of unicast addresses, without host bits`,
    remedy: write(parse, [cleared, (given) => cleared(`${given}/${length}`)], `Write such as ${example}.`),
  })
}

const parseEither = (found: string) => usable(4, parsePrefix(found)) ?? usable(6, parsePrefix(found))
export const prefix = scalar(
  z.union([z.string().regex(families[4].pattern), z.string().regex(families[6].pattern)]),
  parseEither,
  {
    expected: 'a prefix of unicast addresses, without host bits',
    remedy: write(
      parseEither,
      [cleared, (found) => cleared(`${found}/24`), (found) => cleared(`${found}/48`)],
      'Write such as 192.0.128.0/24 or 2001:db8::/48.',
    ),
  },
)

/** One side of a recording. */
export const side = scalar(
  z.union([z.string().regex(families[4].pattern), z.string().regex(families[6].pattern), z.literal('any')]),
  (found): Prefix | 'any' | undefined => (found === 'any' ? found : parseEither(found)),
  {
    expected: 'a prefix of unicast addresses, without host bits, or any',
    remedy: write(
      parseEither,
      [cleared, (found) => cleared(`${found}/24`), (found) => cleared(`${found}/48`)],
      'Write such as 10.1.0.0/16, or any for all that is of no other side.',
    ),
  },
)

export const community = scalar(z.string().regex(scalars.communityPattern), scalars.parseCommunity, {
  expected: 'a community',
  remedy:
    'Write two numbers up to 65535 (65001:100), three up to 4294967295 (4200000001:1:2), or no-export; in quotes.',
})

export const bind = scalar(z.string().regex(scalars.bindPattern), scalars.parseBind, {
  expected: 'a bind, source:target or source:target:ro',
  remedy:
    'Write such as r1/frr.conf:/etc/frr/frr.conf: a path relative to the lab file, and where the node sees it, an absolute path.',
})

export const command = scalar(z.string(), scalars.parseCommand, {
  expected: 'a command with its arguments, on one line, each quote closed',
  remedy: "Write such as ip addr add 192.0.2.2/24 dev eth1; where a shell is needed, sh -c '…'.",
})

export const environmentKey = text(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'the name of an environment variable',
  'Write letters, digits and _, not beginning with a digit.',
)

export const directive = text(
  /^[A-Za-z][A-Za-z0-9_]*(?:\[[A-Za-z0-9_-]+\])?$/,
  'a directive of the part, such as plugin_pipe_size',
  'Write the directive as its documentation does, without the colon and without quotes.',
)

export const family = choice('ipv4', 'ipv6')

export const file = text(/^[^\p{Cc}]{1,4096}$/u, 'the path of a file', 'Write the path of a file.')
