// Which flows a pcap filter selects, by the flow key alone: the part of pcap-filter(7) that aggregate filters are made of (host,
// net, port, protocols, src, dst, and, or, not, parentheses), read into an expression. Of a filter beyond it, nothing is claimed.

import { covers, network, parseAddress, parseInterfaceAddress, type Prefix } from '../kernel/address.ts'
import type { FlowKey } from '../kernel/flow.ts'

export type Filter = (flow: FlowKey) => boolean

/** The end of a flow that a test is about; either one where it says none. */
export type Side = 'src' | 'dst' | 'any'

/** What a filter says, as a value. */
export type Expression =
  | { readonly is: 'everything' }
  | { readonly is: 'not'; readonly inner: Expression }
  | { readonly is: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'protocol'; readonly protocol: number }
  | { readonly is: 'family'; readonly family: 4 | 6 }
  /** Of TCP and UDP. */
  | { readonly is: 'port'; readonly side: Side; readonly port: number }
  | { readonly is: 'within'; readonly side: Side; readonly prefix: Prefix }

const protocols: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 }

/** Protocols that have ports. */
export const hasPorts: ReadonlySet<number> = new Set([6, 17])

/** The filter as an expression; undefined where it says something that a flow key does not tell. */
export function parseFilter(text: string | undefined): Expression | undefined {
  if (text === undefined || text.trim() === '') return { is: 'everything' }
  const words = text
    .replaceAll(/[()!]/g, ' $& ')
    .replaceAll('&&', ' and ')
    .replaceAll('||', ' or ')
    .trim()
    .split(/\s+/)
  let at = 0
  const peek = () => words[at]
  const take = () => words[at++] ?? ''

  function alternatives(): Expression | undefined {
    let left = conjunction()
    while (left && (peek() === 'or' || peek() === 'and')) {
      const is = take() as 'or' | 'and'
      const right = conjunction()
      left = right && { is, left, right }
    }
    return left
  }

  /** `and` and `or` bind alike and from the left (pcap-filter(7)); only `not` binds closer. */
  function conjunction(): Expression | undefined {
    if (peek() === 'not' || peek() === '!') {
      take()
      const inner = conjunction()
      return inner && { is: 'not', inner }
    }
    if (peek() !== '(') return primitive()
    take()
    const inner = alternatives()
    return take() === ')' ? inner : undefined
  }

  function primitive(): Expression | undefined {
    const word = peek() ?? ''
    const protocol = protocols[word]
    if (protocol !== undefined) {
      take()
      return { is: 'protocol', protocol }
    }
    if (word === 'ip' || word === 'ip6') {
      take()
      return { is: 'family', family: word === 'ip' ? 4 : 6 }
    }
    const side = word === 'src' || word === 'dst' ? (take() as Side) : 'any'
    const kind = take()
    const value = take()
    if (kind === 'port') return /^\d+$/.test(value) ? { is: 'port', side, port: Number(value) } : undefined
    const prefix = kind === 'host' || kind === 'net' ? prefixOf(kind, value) : undefined
    return prefix && { is: 'within', side, prefix }
  }

  const filter = alternatives()
  return at === words.length ? filter : undefined
}

function prefixOf(kind: 'host' | 'net', text: string): Prefix | undefined {
  const single = parseAddress(text)
  const given = single
    ? { address: single, length: single.family === 4 ? 32 : 128 }
    : parseInterfaceAddress(text)
  return !given || (kind === 'host' && !single) ? undefined : network(given)
}

/** The filter as a predicate; undefined where it says something that a flow key does not tell. */
export function compileFilter(text: string | undefined): Filter | undefined {
  const expression = parseFilter(text)
  return expression && predicate(expression)
}

function predicate(expression: Expression): Filter {
  switch (expression.is) {
    case 'everything':
      return () => true
    case 'not': {
      const inner = predicate(expression.inner)
      return (flow) => !inner(flow)
    }
    case 'and':
    case 'or': {
      const [left, right] = [predicate(expression.left), predicate(expression.right)]
      return expression.is === 'or'
        ? (flow) => left(flow) || right(flow)
        : (flow) => left(flow) && right(flow)
    }
    case 'protocol':
      return ({ protocol }) => protocol === expression.protocol
    case 'family':
      return ({ source }) => source.includes(':') === (expression.family === 6)
    case 'port': {
      const { side, port } = expression
      const either = onSide(side, (own: number) => own === port, 'sourcePort', 'destinationPort')
      return (flow) => hasPorts.has(flow.protocol) && either(flow)
    }
    default: {
      const { side, prefix } = expression
      const isWithin = (text: string): boolean => {
        const address = parseAddress(text)
        return address !== undefined && covers(prefix, address)
      }
      return onSide(side, isWithin, 'source', 'destination')
    }
  }
}

const onSide =
  <K extends keyof FlowKey>(
    side: Side,
    test: (value: FlowKey[K]) => boolean,
    source: K,
    destination: K,
  ): Filter =>
  (flow) =>
    (side !== 'dst' && test(flow[source])) || (side !== 'src' && test(flow[destination]))
