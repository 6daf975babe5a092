// Faults as data: how each is made in a lab like the talk's, and which cause in which stage must be named for it. `npm run faults`
// makes them all, over and over; a fault that a lab cannot have says why.
import { type Draft, of } from '../support/labs.ts'
import type { Stage } from '../../src/verify/verdict.ts'

export interface Fault {
  readonly id: string
  /** As FAULTS of the field are told: what is wrong. */
  readonly title: string
  readonly edit: (draft: Draft) => void
  readonly stage: Stage
  readonly cause: string
  /** Findings that follow from it, or that it may be split into. */
  readonly also?: readonly string[]
}

/** Lets the traffic last, so that something happens in the middle of it. */
const lasting = (draft: Draft, time: `${number}s`): void => {
  for (const flow of draft.traffic ?? []) if (flow.kind === 'ditg') flow.for = time
}

/** The probe exports every second. */
const often = (draft: Draft): void => {
  of(draft.probes, 'edge').options = { 'nfprobe_timeouts[collect]': 'maxlife=1:expint=1' }
}

export const faults: readonly Fault[] = [
  {
    id: 'probe-killed',
    title: 'the probe dies and comes back: a hole in all flows',
    edit(draft) {
      lasting(draft, '4s')
      draft.events = [{ at: '500ms', probe: 'edge', action: 'kill', for: '2s' }]
    },
    ...{ stage: 'metering', cause: 'probe-away', also: ['as-attributes-empty'] },
  },
  {
    id: 'probe-queue',
    title: "the probe's internal queue overruns",
    edit: (draft) => {
      of(draft.probes, 'edge').options = { plugin_pipe_size: '4096', plugin_buffer_size: '1024' }
    },
    ...{ stage: 'metering', cause: 'probe-queue-overrun', also: ['as-attributes-wrong'] },
  },
  {
    id: 'one-direction',
    title: 'the probe looks in one direction only, which nobody asked for',
    edit: (draft) => {
      of(draft.probes, 'edge').options = { pcap_direction: 'in' }
    },
    ...{ stage: 'metering', cause: 'probe-leaves-out' },
  },
  {
    id: 'probe-filter',
    title: "the probe's filter leaves a host out",
    edit: (draft) => {
      of(draft.probes, 'edge').options = { pcap_filter: 'not host 192.32.0.2' }
    },
    ...{ stage: 'metering', cause: 'probe-leaves-out' },
  },
  {
    id: 'offloads',
    title: 'offloads are on: super-packets instead of the wire’s',
    edit(draft) {
      for (const link of draft.links ?? []) link.offloads = 'on'
      draft.traffic = [
        { from: 'h1', to: 'h16', kind: 'ditg', tcp: { rate: '300pps', size: 4000 }, for: '1s' },
      ]
    },
    ...{ stage: 'metering', cause: 'offloads-on' },
  },
  {
    id: 'nothing-exported',
    title: 'the exports go to an address where nobody is',
    edit: (draft) => {
      of(draft.probes, 'edge').options = { nfprobe_receiver: '172.17.0.9:2100' }
    },
    ...{ stage: 'exporting', cause: 'nothing-exported' },
  },
  {
    id: 'exports-lost',
    title: 'exports are lost on their way',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      const link = draft.links?.find(({ endpoints }) => endpoints.includes('col:eth0'))
      if (link) link.loss = '1/5'
    },
    ...{ stage: 'transport', cause: 'exports-lost' },
  },
  {
    id: 'collector-restart',
    title: 'the collector dies and comes back without templates',
    edit(draft) {
      often(draft)
      lasting(draft, '6s')
      draft.events = [{ at: '2s', collector: 'main', action: 'kill', for: '1s' }]
    },
    ...{ stage: 'collecting', cause: 'template-unknown', also: ['collector-away', 'as-attributes-empty'] },
  },
  {
    id: 'collector-elsewhere',
    title: 'the collector listens on another port',
    edit: (draft) => {
      of(draft.collectors, 'main').options = { nfacctd_port: 2101 }
    },
    ...{ stage: 'collecting', cause: 'collector-not-listening' },
  },
  {
    id: 'collector-queue',
    title: "the collector's internal queue overruns",
    edit: (draft) => {
      of(draft.collectors, 'main').options = { plugin_pipe_size: '4096', plugin_buffer_size: '1024' }
    },
    ...{ stage: 'collecting', cause: 'collector-queue-overrun', also: ['as-attributes-wrong'] },
  },
  {
    id: 'collector-filter',
    title: "the collector's filter leaves a protocol out",
    edit: (draft) => {
      of(draft.collectors, 'main').options = { 'aggregate_filter[display]': 'tcp' }
    },
    ...{ stage: 'collecting', cause: 'collector-leaves-out' },
  },
  {
    id: 'rate-not-applied',
    title: 'a sampling rate is announced, and the collector does not multiply by it',
    edit: (draft) => {
      of(draft.probes, 'edge').options = { sampling_rate: 10 }
    },
    ...{ stage: 'collecting', cause: 'sampling-unapplied' },
  },
  {
    id: 'no-bgp',
    title: 'AS 0: no BGP session',
    edit: (draft) => delete of(draft.collectors, 'main').bgp,
    ...{ stage: 'routing', cause: 'no-bgp-session' },
  },
  {
    id: 'next-hop',
    title: 'the next hop of NetFlow v5 is lost in the collector',
    edit: (draft) => {
      const { export: way } = of(draft.probes, 'edge')
      Object.assign(way, {
        protocol: 'netflow5',
        aggregate: ['src_host', 'dst_host', 'src_port', 'dst_port', 'proto'],
      })
    },
    ...{ stage: 'routing', cause: 'next-hop-lost' },
  },
]

/** Faults of the field that present parts cannot be made to show, and what stands in the way. */
export const cannotBeMade: Readonly<Record<string, string>> = {
  'two exporters behind one address with one template number':
    'the lab file refuses exporters that cannot be told apart; the cause `template-changed` waits for them',
  'bytes at layer 2, counters of 32 bits, AS numbers cut to 16 bits':
    'no part here does it; the causes are tested on accounts made by hand (src/verify/explain.test.ts)',
  'capture buffer overrun': 'the rates of a lab are too low; told by the probe’s own count where it happens',
}
