// What happens beside the numbers: the findings of a verdict, signs of findings while a lab still runs, and events.

import type { LiveData } from '../server/api/live.ts'
import type { Verdict } from '../verify/verdict.ts'

export interface Item {
  /** finding: the verdict's; sign: what will be one, if it stays so; event: what happened. */
  readonly kind: 'finding' | 'sign' | 'event'
  /** Milliseconds since 1970-01-01T00:00:00Z; of events. */
  readonly at?: number
  /** The finding's id; of a sign the kind of finding that it may become. */
  readonly id?: string
  readonly text: string
}

export interface News {
  readonly items: readonly Item[]
  /** Where it has been reached. */
  readonly verdict?: { readonly pass: boolean; readonly findings: number }
}

export const eventItem = ({ at, event, what, target, phase }: LiveData<'timeline'>): Item => ({
  ...{ kind: 'event', at },
  text: [event === undefined ? undefined : `${event}:`, what, target, phase].filter(Boolean).join(' '),
})

export const findingItems = ({ findings }: Pick<Verdict, 'findings'>): Item[] =>
  findings.map(({ id, stage, summary, allowed }) => ({
    ...{ kind: 'finding', id },
    text: `${stage}: ${summary}${allowed === undefined ? '' : ` (expected: ${allowed})`}`,
  }))

type State = LiveData<'state'>

/** Of datagrams on their way nothing can be said: what lacks must have lacked at the look before. */
export function stateItems(state: State, former: State | undefined): Item[] {
  const sign = (id: string, text: string): Item => ({ kind: 'sign', id, text })
  const lacking = (each: State | undefined, name: string): number => {
    const collector = each?.collectors.find((other) => other.name === name)
    return collector ? collector.sent - collector.datagrams : 0
  }
  return [
    ...state.nodes.flatMap(({ name, processes }) =>
      processes
        .filter((process) => process.state !== 'running')
        .map((process) => sign('process-ended', `${process.name} on ${name} ${process.state}`)),
    ),
    ...state.sessions
      .filter(({ established }) => !established)
      .map(({ node, peer, to, state: word }) =>
        sign('bgp-session-down', `${node} with ${to || peer}${to && ` (${peer})`}: ${word}`),
      ),
    ...state.collectors.flatMap(({ name, listening, drops, sent }) => {
      const lost = Math.min(lacking(state, name), lacking(former, name))
      return [
        ...(listening ? [] : [sign('collector-not-listening', `${name} does not listen where exports go`)]),
        ...(drops > 0
          ? [
              sign(
                'collector-socket-overrun',
                `the kernel dropped ${drops} datagrams at the socket of ${name}`,
              ),
            ]
          : []),
        ...(lost > 0
          ? [sign('exports-lost', `${lost} of ${sent} export datagrams to ${name} have not come`)]
          : []),
      ]
    }),
  ]
}

export const complaintItem = ({ node, process, text }: LiveData<'complaint'>): Item => ({
  kind: 'sign',
  text: `${process} on ${node}: ${text.replaceAll(/\p{Cc}+/gu, ' ').trim()}`,
})
