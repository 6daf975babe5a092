// sFlow version 5 (https://sflow.org/sflow_version_5.txt): recognises a datagram, reads its header, and hands each sample to
// those who know its kind. A sample of unknown kind is passed over by its length.
import { AddressTexts } from '../../kernel/address-texts.ts'
import { u32 } from '../../kernel/octets.ts'
import type { Datagram } from '../datagram.ts'
import type { Layout } from '../layout.ts'
import type { Message } from '../message.ts'
import type { Context, ProtocolDecoder } from '../port.ts'
import { Agents, formatName } from './agents.ts'
import { COUNTER_SAMPLE, counterName, EXPANDED_COUNTER_SAMPLE, writeCounterSample } from './counters.ts'
import { discardedPacketLayout, flowSampleLayout } from './fields.ts'
import {
  DISCARDED_PACKET,
  EXPANDED_FLOW_SAMPLE,
  FLOW_SAMPLE,
  writeDiscardedPacket,
  writeFlowSample,
} from './flow.ts'
import { Walk } from './walk.ts'

/** The kinds of samples: the name, and the octets of the fixed part. */
const samples: Readonly<Record<number, { readonly name: string; readonly minimum: number }>> = {
  1: { name: 'flow_sample', minimum: FLOW_SAMPLE },
  2: { name: 'counters_sample', minimum: COUNTER_SAMPLE },
  3: { name: 'flow_sample_expanded', minimum: EXPANDED_FLOW_SAMPLE },
  4: { name: 'counters_sample_expanded', minimum: EXPANDED_COUNTER_SAMPLE },
  5: { name: 'discarded_packet', minimum: DISCARDED_PACKET },
}

/** Octets of a datagram's header after the agent's address. */
const AFTER_ADDRESS = 16

/** How sFlow calls what a layout holds: `flow_sample`, `discarded_packet`, or the structure of the counters. */
export function sampleName(layout: Layout): string | undefined {
  if (layout === flowSampleLayout) return 'flow_sample'
  return layout === discardedPacketLayout ? 'discarded_packet' : counterName(layout)
}

/** The decoder of sFlow. */
export function createSflowDecoder(context: Context): ProtocolDecoder {
  const agents = new Agents(context)
  const addresses = new AddressTexts()
  const walk = new Walk(context)

  function readHeader(datagram: Datagram): { message: Message; count: number; at: number } {
    const { payload } = datagram
    const family = u32(payload, 4) === 1 ? 4 : 6
    const at = 8 + (family === 4 ? 4 : 16)
    const message: Message = {
      protocol: 'sflow5',
      seconds: datagram.seconds,
      nanoseconds: datagram.nanoseconds,
      transport: datagram.transport,
      number: datagram.number,
      sourceAddress: datagram.sourceAddress,
      sourcePort: datagram.sourcePort,
      destinationAddress: datagram.destinationAddress,
      destinationPort: datagram.destinationPort,
      exporter: addresses.of(payload, 8, family),
      domain: u32(payload, at),
      sequence: u32(payload, at + 4),
      exportSeconds: undefined,
      exportNanoseconds: 0,
      sysUptime: u32(payload, at + 8),
      sampling: undefined,
    }
    return { message, count: u32(payload, at + 12), at: at + AFTER_ADDRESS }
  }

  function readSample(format: number, start: number, end: number): void {
    if (format === 2 || format === 4) return writeCounterSample(walk, start, end, format === 4)
    const discarded = format === 5
    const batch = context.batches.room(discarded ? discardedPacketLayout : flowSampleLayout)
    const row = batch.rows
    batch.messageIndex[row] = batch.addMessage(walk.message)
    batch.offset[row] = start
    if (discarded) writeDiscardedPacket(walk, batch, row, start, end)
    else writeFlowSample(walk, batch, row, start, end, format === 3)
    batch.rows++
    walk.agent.stats.records++
  }

  return {
    recognise(payload) {
      if (payload.length < 8 || u32(payload, 0) !== 5) return undefined
      const family = u32(payload, 4)
      return family === 1 || family === 2 ? 'sflow5' : undefined
    },

    decode(datagram) {
      const { payload } = datagram
      const header = 8 + (u32(payload, 4) === 1 ? 4 : 16) + AFTER_ADDRESS
      if (payload.length < header)
        return context.error({
          kind: 'truncated',
          protocol: 'sflow5',
          offset: payload.length,
          path: 'header',
          expected: `${header} octets`,
          found: String(payload.length),
          message: undefined,
        })
      const { message, count, at: first } = readHeader(datagram)
      const agent = agents.of(message)
      walk.bytes = payload
      walk.message = message
      walk.agent = agent
      walk.sample = 0
      walk.record = 0
      agent.stats.datagrams++
      agent.stats.octets += payload.length
      const finding = agent.sequence.advance(
        message.sequence ?? 0,
        1,
        agent.restarted(message.sysUptime ?? 0),
      )
      if (finding) context.event({ type: 'sequence', unit: 'datagrams', ...finding, message })

      let at = first
      for (let number = 1; number <= count; number++) {
        walk.sample = number
        walk.sampleName = 'no format'
        if (at + 8 > payload.length)
          return walk.error(
            'truncated',
            at,
            '',
            `${count} samples`,
            `${number - 1} before the datagram's end`,
          )
        const format = u32(payload, at)
        const length = u32(payload, at + 4)
        const known = samples[format]
        walk.sampleName = known?.name ?? formatName(format)
        const start = at + 8
        if (length > payload.length - start)
          return walk.error(
            'truncated',
            at + 4,
            'length',
            `at most ${payload.length - start} octets`,
            String(length),
          )
        if (!known) agent.passOver(format)
        else if (length < known.minimum)
          walk.error('length', at + 4, 'length', `${known.minimum} octets or more`, String(length))
        else readSample(format, start, start + length)
        at = start + ((length + 3) & ~3)
      }
      walk.sample = 0
      if (at < payload.length)
        walk.error('surplus', at, '', `the end after ${count} samples`, `${payload.length - at} octets more`)
    },

    domains: () => agents.stats(),
  }
}
