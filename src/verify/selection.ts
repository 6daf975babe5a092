// What of the store's tables is asked for: filters, and what an export protocol cannot tell of, as conditions in SQL.

import type { Prefix } from '../kernel/address.ts'
import { addressAt, formatAddress, sizeOf } from '../kernel/address.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { addressValue } from '../store.ts'
import { type Expression, hasPorts, parseFilter, type Side } from '../truth/filter.ts'
import { directions } from './ledgers.ts'

/** A condition on the columns of the flow key; it is never NULL. */
export type Condition = string

const all = 'true'

/** The filter as a condition; undefined where it says something that a flow key does not tell. */
export function filterCondition(text: string | undefined): Condition | undefined {
  const expression = parseFilter(text)
  return expression && condition(expression)
}

function condition(expression: Expression): Condition {
  switch (expression.is) {
    case 'everything':
      return all
    case 'not':
      return `NOT (${condition(expression.inner)})`
    case 'and':
    case 'or':
      return `(${condition(expression.left)} ${expression.is.toUpperCase()} ${condition(expression.right)})`
    case 'protocol':
      return `protocol = ${expression.protocol}`
    case 'family':
      return expression.family === 4 ? isIPv4('source') : `NOT ${isIPv4('source')}`
    case 'port': {
      const port = onSide(
        expression.side,
        'sourcePort',
        'destinationPort',
        (column) => `${column} = ${expression.port}`,
      )
      return `(protocol IN (${[...hasPorts].join(', ')}) AND ${port})`
    }
    default:
      return onSide(expression.side, 'source', 'destination', within(expression.prefix))
  }
}

function onSide(
  side: Side,
  source: string,
  destination: string,
  test: (column: string) => Condition,
): Condition {
  const columns = [...(side === 'dst' ? [] : [source]), ...(side === 'src' ? [] : [destination])]
  return `(${columns.map((column) => `coalesce(${test(column)}, false)`).join(' OR ')})`
}

/** IPv4 addresses lie among the IPv6 addresses that map them, and are none of those. */
const within =
  (prefix: Prefix) =>
  (column: string): Condition => {
    const [first, last] = [prefix.address, addressAt(prefix, sizeOf(prefix) - 1n)].map(formatAddress)
    const range = `${column} BETWEEN ${addressLiteral(first ?? '')} AND ${addressLiteral(last ?? '')}`
    return prefix.address.family === 4 ? range : `${range} AND NOT ${isIPv4(column)}`
  }

/** An address as the store has it. */
export const addressLiteral = (text: string): string => `'${addressValue(text) ?? 0n}'::UHUGEINT`

const isIPv4 = (column: string): Condition =>
  `coalesce(${column} BETWEEN ${addressLiteral('0.0.0.0')} AND ${addressLiteral('255.255.255.255')}, false)`

/** What no flow record of a probe can speak of: booked beside the account, and missing nowhere. */
export interface Outside {
  readonly reason: string
  /** Of the wire's rows; it may ask for their direction too. */
  readonly holds: Condition
}

/** What of a probe decides it. */
export type Looking = Pick<ProbePlan, 'direction'> & {
  readonly export: Pick<ProbePlan['export'], 'protocol'>
}

/** Why a probe cannot tell of flows: it does not look that way, or its protocol has no fields for them. */
export const notMetered = ({ direction, export: { protocol } }: Looking): readonly Outside[] => [
  {
    reason: 'the probe meters the other direction only',
    holds: direction === undefined ? 'false' : `direction <> ${directions.indexOf(direction)}`,
  },
  ...(['1', '5'] as const).map((version) => ({
    reason: `IPv6: NetFlow v${version} has no fields for it`,
    holds: protocol === `netflow${version}` ? `NOT ${isIPv4('source')}` : 'false',
  })),
]

/** Of the wire's rows, what the probe can tell of. */
export const isMetered = (probe: Looking): Condition =>
  notMetered(probe)
    .map(({ holds }) => `NOT (${holds})`)
    .join(' AND ')

/** Of the wire's rows, export datagrams of these probes. */
export const isExport = (
  probes: readonly { readonly export: Pick<ProbePlan['export'], 'source' | 'address' | 'port'> }[],
  columns = '',
): Condition =>
  [
    'false',
    ...probes.map(
      ({ export: { source, address, port } }) =>
        `(${columns}protocol = 17 AND ${columns}source = ${addressLiteral(source)} AND ${columns}destination = ${addressLiteral(address)} AND ${columns}destinationPort = ${port})`,
    ),
  ].join(' OR ')
