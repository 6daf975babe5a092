// The example's topology, word for word, and the choices and defaults that it does not make.
// UPDATE_GOLDEN=1 rewrites golden/topology/; read the difference before you commit it.
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse, parseWithPositions } from '../src/topology/parse.ts'
import { jsonSchema } from '../src/topology/schema.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the example', () => {
  it('gives its topology', () => {
    const topology = parse(read('../examples/janog36/lab.yaml'), 'lab.yaml')
    const golden = 'golden/topology/janog36.json'
    const text = `${JSON.stringify(topology, null, 2)}\n`
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(new URL(golden, import.meta.url), text)
    expect(text).toBe(read(golden))
  })

  it('knows where each of its parts stands', () => {
    const { positionOf } = parseWithPositions(read('../examples/janog36/lab.yaml'), 'lab.yaml')
    const at = (line: number, column: number) => ({ file: 'lab.yaml', line, column })
    expect(positionOf(['name'])).toEqual(at(7, 7))
    expect(positionOf(['name'], 'key')).toEqual(at(7, 1))
    expect(positionOf(['nodes', 'x', 'as'])).toEqual(at(18, 24))
    expect(positionOf(['nodes', 'x', 'as'], 'key')).toEqual(at(18, 20))
    expect(positionOf(['links', 0, 'ipv4', 1])).toEqual(at(26, 65))
    expect(positionOf(['probes', 'edge', 'export', 'to'], 'key')).toEqual(at(41, 7))
    // What is not there is looked for where it should be.
    expect(positionOf(['nodes', 'x', 'mtu'])).toEqual(at(18, 3))
    expect(positionOf(['links', 0, 'endpoints', 7])).toEqual(at(26, 7))
    expect(positionOf([])).toEqual(at(7, 1))
  })
})

describe('a lab file', () => {
  const lab = (rest = '', links = '[h1, r1]') => `
name: small
nodes:
  r1: { kind: frr, as: 4200000001 }
  r2: { kind: bird, as: 65002 }
  h1: { kind: host }
  h2: { kind: host }
links:
  - { endpoints: ${links} }
  - { endpoints: ["r1:eth0", r2] }
  - { endpoints: [r1, h2], mtu: 9000, offloads: on, loss: 1/10 }
  - { endpoints: [r1, r2], ipv4: 192.0.2.0/31, offloads: true, loss: 0.5% }
${rest}`

  it('needs no more than nodes and links', () => {
    const topology = parse(lab(), 'lab.yaml')
    expect(topology).toMatchObject({ seed: 1, collectors: [], probes: [], traffic: [], events: [] })
    expect(topology).not.toHaveProperty('description')
    expect(topology.autonomousSystems).toEqual([
      { asn: 65002, igp: 'ospf', multipath: 1 },
      { asn: 4200000001, igp: 'ospf', multipath: 1 },
    ])
    expect(topology.nodes.at(-1)).toEqual({
      name: 'h2',
      kind: 'host',
      binds: [],
      env: {},
      exec: [],
      reflector: false,
      routeServer: false,
      segment: [],
    })
  })

  it('has its interfaces named in the order of the links, around those it names itself', () => {
    const { links } = parse(lab(), 'lab.yaml')
    expect(links.map(({ endpoints }) => endpoints.map((end) => `${end.node}:${end.interface}`))).toEqual([
      ['h1:eth0', 'r1:eth1'],
      ['r1:eth0', 'r2:eth0'],
      ['r1:eth2', 'h2:eth0'],
      ['r1:eth3', 'r2:eth1'],
    ])
  })

  it('says what a link is', () => {
    const { links } = parse(lab(), 'lab.yaml')
    expect(links[0]).toMatchObject({ mtu: 1500, offloads: false })
    expect(links[0]?.impairment).toEqual({})
    expect(links[2]).toMatchObject({ mtu: 9000, offloads: true, impairment: { loss: { every: 10 } } })
    expect(links[3]).toMatchObject({
      prefixes: ['192.0.2.0/31'],
      offloads: true,
      impairment: { loss: { random: 0.005 } },
    })
  })

  it('says what is sent and what happens', () => {
    const { traffic, events, collectors } = parse(
      lab(`collectors:
  main: { kind: nfacctd, node: h2, options: { plugin_buffer_size: 1024, plugin_pipe_size: 077, debug: true, rate: 1.50 } }
traffic:
  - { from: h1, to: h2, kind: ditg, tcp: { rate: exponential 500pps, size: uniform 64..1400 }, for: 1.5s, at: 250ms }
  - { from: h2, to: h1, kind: ping, count: 3 }
events:
  - { at: 0, collector: main, action: stop }
  - { at: 1s, collector: main, action: kill, for: 2m }`),
      'lab.yaml',
    )
    expect(traffic).toEqual([
      {
        from: 'h1',
        to: 'h2',
        family: 4,
        at: 250,
        kind: 'ditg',
        protocol: 'tcp',
        rate: { exponential: 500 },
        size: { uniform: [64, 1400] },
        for: 1500,
      },
      { from: 'h2', to: 'h1', family: 4, at: 0, kind: 'ping', count: 3, interval: 1000, size: 56 },
    ])
    expect(events).toEqual([
      {
        ...{ name: 'collector main stop', at: 0, expected: true },
        target: { kind: 'collector', name: 'main' },
        action: { do: 'stop' },
      },
      {
        ...{ name: 'collector main kill', at: 1000, for: 120_000, expected: true },
        target: { kind: 'collector', name: 'main' },
        action: { do: 'kill' },
      },
    ])
    // Directives are text, as they were written: 077 is no decimal number, and 1.50 keeps its zero.
    expect(collectors[0]).toMatchObject({
      port: 2100,
      options: { plugin_buffer_size: '1024', plugin_pipe_size: '077', debug: 'true', rate: '1.50' },
    })
  })

  it('may use anchors, and Windows line ends', () => {
    const text = lab('traffic:\n  - &ping { from: h1, to: h2, kind: ping, count: 1 }\n  - *ping')
    expect(parse(text, 'lab.yaml').traffic).toHaveLength(2)
    expect(parse(text.replaceAll('\n', '\r\n'), 'lab.yaml')).toEqual(parse(text, 'lab.yaml'))
  })
})

describe('the JSON schema', () => {
  it('describes every field', () => {
    const bare: string[] = []
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return
      const node = schema as Record<string, unknown>
      for (const [key, field] of Object.entries((node['properties'] ?? {}) as Record<string, object>))
        if (!('description' in field)) bare.push(`${path}.${key}`)
      for (const [key, inner] of Object.entries(node)) visit(inner, `${path}.${key}`)
    }
    visit(jsonSchema(), '')
    expect(bare).toEqual([])
  })
})
