// Routing information: why an AS attribute is not what the router says. A cause predicts what would be found in its place; of
// several, the one that predicts most of the wrong attributes is named for them.

import type { CollectorPlan, ProbePlan } from '../../plan/plan.ts'
import type { WrongAttribute } from '../attributes.ts'
import { counter } from '../evidence-item.ts'
import type { EvidenceItem } from '../verdict.ts'
import type { Described } from './cause.ts'

export interface AttributeCase {
  /** Whose table it is. */
  readonly daemon: ProbePlan | CollectorPlan
  readonly probe: ProbePlan
  readonly table: string
  /** The router whose view it should be. */
  readonly router: string
  /** Rows of the table that have some attribute right which a route decides. */
  readonly informedRows: number
  /** BGP updates in the daemon's own log; undefined where it has none. */
  readonly updates: number | undefined
  /** Sessions of its that ended while the books were open. */
  readonly closes: number
}

export interface AttributeCause extends Described {
  readonly applies: (given: AttributeCase) => boolean
  /** All that would stand in the attribute's place if this were the cause. */
  readonly predicts: (wrong: WrongAttribute, given: AttributeCase) => readonly string[]
  readonly evidence?: (given: AttributeCase) => readonly EvidenceItem[]
  readonly sentence: (primitives: string, given: AttributeCase) => string
}

const empty = ['', '0']
const place = ({ daemon, table }: AttributeCase): string => `table ${table} of ${daemon.name}`
const log = ({ daemon: { node, bgp } }: AttributeCase): string =>
  `nodes/${node}/log/${bgp?.log.split('/').at(-1) ?? ''}`

/** RFC 6793: what stands for an AS number that does not fit in 16 bits. */
const asTrans = '23456'
const isLarge = (text: string): boolean => /^\d+$/.test(text) && Number(text) > 0xffff

export const attributeCauses: readonly AttributeCause[] = [
  {
    id: 'no-bgp-session',
    stage: 'routing',
    title:
      'AS attributes are empty because the daemon has no BGP session at all, while the router knows the routes.',
    knownBy:
      'Rows whose AS fields are 0 or empty, beside the router’s route for the same address (`routes.json`).',
    remedy: 'Give the daemon a session: `bgp: ROUTER`.',
    test: 'Give it one: the attributes appear.',
    applies: ({ daemon }) => !daemon.bgp,
    predicts: () => empty,
    sentence: (primitives, given) =>
      `${given.daemon.name} has no BGP session, so ${primitives} are empty in its table ${given.table}; ${given.router} knows them`,
  },
  {
    id: 'next-hop-lost',
    stage: 'routing',
    title:
      'nfacctd 1.7.7 leaves the next hop (`peer_dst_ip`) of NetFlow v5 records empty, though it has the route.',
    knownBy:
      'All other AS attributes of the same rows are right, `peer_dst_ip` alone is empty, and the exports are NetFlow v5.',
    remedy: 'Export NetFlow v9 or IPFIX to this collector, or leave `peer_dst_ip` out.',
    test: 'Export the same as v9: the next hop appears.',
    applies: ({ daemon, probe }) =>
      daemon.kind === 'nfacctd' && probe.export.protocol === 'netflow5' && daemon.bgp !== undefined,
    predicts: ({ primitive }) => (primitive === 'peer_dst_ip' ? empty : []),
    sentence: (primitives, given) =>
      `${given.daemon.name} (nfacctd) leaves ${primitives} of NetFlow v5 records empty in its table ${given.table}, though it has the routes of ${given.router}`,
  },
  {
    id: 'bgp-session-down',
    stage: 'routing',
    title: 'AS attributes are empty because the daemon’s BGP session never brought it a route.',
    knownBy: 'Rows whose AS fields are 0 or empty; the daemon’s own log of BGP messages has no update.',
    remedy:
      'Look at the session on both sides (`show bgp summary`, the daemon’s log): addresses, AS number, port, and what filters allow.',
    test: '`flowlab inspect` while the lab is up shows the state of the session.',
    applies: ({ daemon, updates }) => daemon.bgp !== undefined && updates === 0,
    predicts: () => empty,
    evidence: (given) => [counter(log(given), 'no update in it')],
    sentence: (primitives, given) =>
      `${primitives} are empty in ${place(given)}: its BGP session with ${given.router} brought it no route`,
  },
  {
    id: 'agent-map-mismatch',
    stage: 'routing',
    title:
      'AS attributes are empty though the daemon has the routes: its agent map does not lead from the exporter to the session.',
    knownBy:
      'The daemon’s log has BGP updates and no end of its session, and not one row of the exporter has an AS attribute.',
    remedy: 'Let `bgp_agent_map` map the exporter’s address (`ip=`) to the router that feeds it (`bgp_ip=`).',
    test: 'Map `0.0.0.0/0` to the session: the attributes appear.',
    applies: ({ updates, closes, informedRows }) => (updates ?? 0) > 0 && closes === 0 && informedRows === 0,
    predicts: ({ isAlone }) => (isAlone ? [] : empty),
    evidence: (given) => [counter(log(given), `${given.updates} updates`)],
    sentence: (primitives, given) =>
      `${primitives} are empty in every row of ${place(given)}, though it has ${given.updates} routes of ${given.router}: its agent map leads elsewhere`,
  },
  {
    id: 'as-attribute-not-filled',
    stage: 'routing',
    title: 'The daemon has the route of a host, and leaves one attribute of it empty that the route decides.',
    knownBy:
      'An attribute is 0 or empty in rows in which other attributes of the same host are right; or the exporter’s address is.',
    remedy:
      'Look at what the daemon takes this attribute from (`bgp_src_as_path_type`, `bgp_peer_src_as_type`, `nfacctd_as`, `nfacctd_net`).',
    test: 'Leave the option out, or set it to `bgp`: the attribute appears.',
    applies: () => true,
    predicts: ({ isAlone }) => (isAlone ? empty : []),
    sentence: (primitives, given) =>
      `${primitives} are empty in rows of ${place(given)} whose other attributes follow the routes of ${given.router}: it does not take them from there`,
  },
  {
    id: 'as-attributes-empty',
    stage: 'routing',
    title:
      'AS attributes of some rows are empty though a session is configured: it was not up when these flows came.',
    knownBy:
      'Rows whose AS fields are 0 or empty, beside the router’s route for the same address (`routes.json`), and rows where they are right.',
    remedy: 'Look for the session in the daemon’s log, and let traffic wait until the routes are there.',
    test: 'Compare the times of the rows’ flows with those of the updates in the daemon’s log.',
    applies: ({ daemon }) => daemon.bgp !== undefined,
    predicts: ({ isAlone }) => (isAlone ? [] : empty),
    evidence: (given) =>
      given.closes > 0
        ? [counter(log(given), `${given.closes} sessions ended while the books were open`)]
        : [],
    sentence: (primitives, given) =>
      `${primitives} are empty in rows of ${place(given)}, though ${given.router} has routes: its BGP session was not up when these flows came`,
  },
  {
    id: 'as-numbers-cut',
    stage: 'routing',
    title:
      'AS numbers are cut to 16 bits: 23456 (AS_TRANS, RFC 6793) stands for them, or the rest of the division by 65536.',
    knownBy: 'Wrong AS numbers are 23456 or the right one modulo 65536. NetFlow v5 has 16 bits for them.',
    remedy:
      'Export v9 or IPFIX with AS numbers of 4 octets; let the BGP session negotiate 4-octet AS numbers.',
    test: 'Give the origin an AS number below 65536: it comes out right.',
    applies: () => true,
    predicts: ({ expected }) =>
      expected.split(' ').some(isLarge)
        ? [
            expected
              .split(' ')
              .map((as) => (isLarge(as) ? asTrans : as))
              .join(' '),
            expected
              .split(' ')
              .map((as) => (isLarge(as) ? String(Number(as) % 0x10000) : as))
              .join(' '),
          ]
        : [],
    sentence: (primitives, given) => `${primitives} in ${place(given)} are cut to 16 bits`,
  },
  {
    id: 'less-specific-route',
    stage: 'routing',
    title: 'AS attributes are those of a less specific route than the router has for the address.',
    knownBy: 'The attribute found is what the router’s next shorter prefix for the same address says.',
    remedy:
      'Look whether the daemon got the more specific route (its BGP table’s dump is beside its log), and for filters on the session.',
    test: 'Withdraw the less specific route: the attributes become empty.',
    applies: () => true,
    predicts: ({ lessSpecific }) => (lessSpecific === undefined ? [] : [lessSpecific]),
    sentence: (primitives, given) =>
      `${primitives} in ${place(given)} follow a less specific route than ${given.router} has`,
  },
  {
    id: 'stale-route',
    stage: 'routing',
    title: 'AS attributes are those of a route that the router had at another time than when the flows came.',
    knownBy:
      'The attribute found is what one of the router’s tables said before the flows of the row came, or after them (`routes.json` has all with their times), and none that held while they came.',
    remedy:
      'Look whether the daemon still hears its router (a session whose other end is gone keeps its routes until the hold time), and whether it keeps routes of a former session (graceful restart, a dump that is read again).',
    test: 'Compare the time of the last update in the daemon’s log with that of the change.',
    applies: () => true,
    predicts: ({ atOtherTimes }) => atOtherTimes,
    sentence: (primitives, given) =>
      `${primitives} in ${place(given)} follow a route that ${given.router} did not have while these flows came`,
  },
  {
    id: 'as-attributes-wrong',
    stage: 'routing',
    title:
      'AS attributes are there and are not what the router believed at any of the times at which it was asked.',
    knownBy:
      'The attribute found, the one expected and the route it follows from, row by row (`routes.json`). No known cause predicts what was found.',
    remedy: 'Compare the daemon’s own BGP table (its dump is beside its log) with the router’s.',
    test: 'Run without events: what is still wrong is the daemon’s.',
    applies: () => true,
    predicts: ({ found }) => [found],
    sentence: (primitives, given) => `${primitives} in ${place(given)} are not what ${given.router} says`,
  },
]

/** Told from the wire and the routers' tables together (way-back.ts). */
export const wayBack: Described = {
  id: 'source-path-of-way-back',
  stage: 'routing',
  title:
    'The AS path and the peer of a source are those of the way back to it, and its packets came in from another neighbour.',
  knownBy:
    'Packets of these flows crossed the point inwards on a link to one AS, and at no time of the run did the router’s route to their source lead to that AS. A router knows ways to a source, not from it.',
  remedy:
    'Do not bill or plan by `peer_src_as` and `src_as_path` where routing is asymmetric: keep the input interface (`in_iface`), or map it to the peer (`bgp_peer_src_as_map`).',
  test: 'Traceroute from the source to here, and from here to the source: the two differ.',
}

/** Of a process that is neither probe nor collector; told from its end alone (exits.ts). */
export const processEnded: Described = {
  id: 'process-ended',
  stage: 'routing',
  title:
    'A process of a router or host ended or was stopped by a signal while the books were open, and no event asked for it: what is true of the routes may have changed unseen.',
  knownBy: '`exits.json` and, where it ended, its file `state/….exit`; the timeline has its time.',
  remedy: 'Look at its log. What is meant to go away goes away by an event, or by `flowlab restart`.',
  test: 'Restart its node: the finding goes away.',
}
