// Which flows a pcap filter selects, judged by the flow key alone: the part of pcap-filter(7) that aggregate filters are made
// of (host, net, port, protocols, src, dst, and, or, not, parentheses). Of a filter beyond it, nothing is claimed.

import { covers, network, parseAddress, parseInterfaceAddress } from '../kernel/address.ts'
import type { FlowKey } from '../kernel/flow.ts'

export type Filter = (flow: FlowKey) => boolean

const protocols: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 }

const hasPorts = new Set([6, 17])

/** The filter as a predicate; undefined where it says something that a flow key does not tell. */
export function compileFilter(text: string | undefined): Filter | undefined {
  if (text === undefined || text.trim() === '') return () => true
  const words = text
    .replaceAll(/[()!]/g, ' $& ')
    .replaceAll('&&', ' and ')
    .replaceAll('||', ' or ')
    .trim()
    .split(/\s+/)
  let at = 0
  const peek = () => words[at]
  const take = () => words[at++] ?? ''

  function alternatives(): Filter | undefined {
    let left = conjunction()
    while (left && (peek() === 'or' || peek() === 'and')) {
      const word = take()
      const right = conjunction()
      const before = left
      if (!right) return undefined
      left = word === 'or' ? (flow) => before(flow) || right(flow) : (flow) => before(flow) && right(flow)
    }
    return left
  }

  /** `and` and `or` bind alike and from the left (pcap-filter(7)); only `not` binds closer. */
  function conjunction(): Filter | undefined {
    if (peek() === 'not' || peek() === '!') {
      take()
      const inner = conjunction()
      return inner && ((flow) => !inner(flow))
    }
    if (peek() !== '(') return primitive()
    take()
    const inner = alternatives()
    return take() === ')' ? inner : undefined
  }

  function primitive(): Filter | undefined {
    const word = peek() ?? ''
    const protocol = protocols[word]
    if (protocol !== undefined) {
      take()
      return (flow) => flow.protocol === protocol
    }
    if (word === 'ip' || word === 'ip6') {
      take()
      return (flow) => flow.source.includes(':') === (word === 'ip6')
    }
    const side = word === 'src' || word === 'dst' ? take() : undefined
    const kind = take()
    if (kind === 'port') {
      const port = onSide(side, portIs(take()), 'sourcePort', 'destinationPort')
      return port && ((flow) => hasPorts.has(flow.protocol) && port(flow))
    }
    if (kind === 'host' || kind === 'net')
      return onSide(side, addressIn(kind, take()), 'source', 'destination')
    return undefined
  }

  const filter = alternatives()
  return at === words.length ? filter : undefined
}

function onSide<K extends keyof FlowKey>(
  side: string | undefined,
  test: ((value: FlowKey[K]) => boolean) | undefined,
  source: K,
  destination: K,
): Filter | undefined {
  if (!test) return undefined
  return (flow) => (side !== 'dst' && test(flow[source])) || (side !== 'src' && test(flow[destination]))
}

function portIs(text: string): ((port: number) => boolean) | undefined {
  return /^\d+$/.test(text) ? (port) => port === Number(text) : undefined
}

function addressIn(kind: 'host' | 'net', text: string): ((address: string) => boolean) | undefined {
  const single = parseAddress(text)
  const given = single
    ? { address: single, length: single.family === 4 ? 32 : 128 }
    : parseInterfaceAddress(text)
  if (!given || (kind === 'host' && !single)) return undefined
  const prefix = network(given)
  return (address) => {
    const parsed = parseAddress(address)
    return parsed !== undefined && covers(prefix, parsed)
  }
}
