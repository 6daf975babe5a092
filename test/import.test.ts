// containerlab's topologies as lab files: what is carried over, and what is said of what is not.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse as yaml } from 'yaml'
import { importContainerlab } from '../src/import/containerlab/translate.ts'
import { expand } from '../src/import/containerlab/variables.ts'
import { parse } from '../src/topology/parse.ts'
import { formatProblem, LabFileError } from '../src/topology/problem.ts'
import { parseCommand } from '../src/topology/scalars.ts'

const imported = (
  text: string,
  env: Record<string, string> = {},
  exists: (path: string) => boolean = () => true,
) => {
  const result = importContainerlab(text, 'lab.clab.yml', { env, exists, place: (path) => path })
  // Whatever is made of it is a lab file.
  parse(result.text, 'lab.yaml')
  return { lab: yaml(result.text) as Record<string, unknown>, said: result.remarks.map(formatProblem) }
}

const folder = join(import.meta.dirname, 'containerlab')

test('frr01, as it is: its routers run by their own configuration, its PCs by their own commands', () => {
  const file = join(folder, 'frr01', 'frr01.clab.yml')
  const { lab, said } = imported(readFileSync(file, 'utf8'))
  expect(said).toEqual([])
  expect(lab).toMatchObject({
    name: 'frr01',
    nodes: {
      router1: {
        kind: 'frr',
        image: 'quay.io/frrouting/frr:10.5.1',
        binds: ['router1/daemons:/etc/frr/daemons', 'router1/frr.conf:/etc/frr/frr.conf'],
      },
      PC2: { kind: 'host', exec: expect.arrayContaining(['ip addr add 192.168.12.2/24 dev eth1']) },
    },
  })
  expect(lab['links']).toHaveLength(6)
  expect(lab['links']).toContainEqual({ endpoints: ['PC1:eth1', 'router1:eth3'], ipv4: 'none' })
})

test.each(['br01', 'clos02', 'ixiac01', 'srlfrr01', 'vxlan-sros'])(
  '%s, of which nothing is left: each vendor’s node is named with its place',
  (name) => {
    const file = resolve(folder, `${name}.clab.yml`)
    const surroundings = { env: {}, exists: () => false, place: (path: string) => path }
    const attempt = () => importContainerlab(readFileSync(file, 'utf8'), `${name}.clab.yml`, surroundings)
    expect(attempt).toThrow(LabFileError)
    expect(attempt).toThrow(
      new RegExp(
        String.raw`^${name}\.clab\.yml:\d+:\d+ topology\.nodes\.\S+\.kind: not carried over: \S+, of kind (?:nokia|keysight)_\S+; linux and bridge can be`,
      ),
    )
    expect(attempt).toThrow(/expected a link between two nodes that can be carried over, found none/)
  },
)

describe('what nodes inherit', () => {
  const text = `
name: in_herit
topology:
  defaults: { kind: linux, env: { A: defaults, B: defaults }, binds: ["a:/opt/x", "b:/opt/y"], exec: [echo defaults] }
  kinds: { linux: { image: alpine, env: { B: kind }, exec: [echo kind] } }
  groups: { pcs: { env: { C: group }, binds: ["c:/opt/x:ro,z"], image: "debian:12" } }
  nodes:
    one: { group: pcs, env: { D: "__clabNodeName__ in __clabNodeDir__" }, exec: ["sh -c 'echo \${WHO:=nobody} $\${HOME}'"] }
    two:
    lan: { kind: bridge }
  links:
    - endpoints: ["one:eth1", "two:eth1"]
      mtu: \${MTU:-1400}
      ipv4: [192.0.2.1/30, 192.0.2.2/30]
    - type: veth
      endpoints: [{ node: one, interface: eth2, mac: "02:00:00:00:00:01" }, { node: lan, interface: p1 }]
`
  const { lab, said } = imported(text, { WHO: 'me' })
  test('is what defaults, kind, group and the node itself say', () => {
    expect(lab).toEqual({
      name: 'in-herit',
      description: "From containerlab's lab.clab.yml.",
      nodes: {
        one: {
          kind: 'host',
          image: 'debian:12',
          binds: ['c:/opt/x:ro', 'b:/opt/y'],
          env: { A: 'defaults', B: 'kind', C: 'group', D: 'one in clab-in_herit/one' },
          exec: [
            'sysctl -qw net.ipv4.ip_forward=1',
            'echo defaults',
            'echo kind',
            "sh -c 'echo me $${HOME}'",
          ],
        },
        two: {
          kind: 'host',
          image: 'alpine',
          binds: ['a:/opt/x', 'b:/opt/y'],
          env: { A: 'defaults', B: 'kind' },
          exec: ['echo defaults', 'echo kind'],
        },
        lan: { kind: 'bridge' },
      },
      links: [
        { endpoints: ['one:eth1', 'two:eth1'], ipv4: ['192.0.2.1/30', '192.0.2.2/30'], mtu: 1400 },
        { endpoints: ['one:eth2', 'lan:p1'] },
      ],
    })
  })
  test('and what is not carried over is said', () => {
    expect(said).toEqual([
      expect.stringMatching(
        /^lab\.clab\.yml:16:19 topology\.links\.1\.endpoints\.0: not carried over: a MAC address/,
      ),
    ])
  })
})

test('everything else is named, with its place', () => {
  const { said } = imported(
    `name: odd
mgmt: { network: x }
topology:
  nodes:
    a_b: { kind: linux, cmd: sleep 1, startup-config: x.cfg, exec: ["echo 'open"], binds: [gone:/opt/x, "no"], ports: ["80:80"] }
    c: { kind: linux, image: "quay.io/frrouting/frr:10", env: { 1A: x } }
    d: { kind: ovs-bridge }
    e: { image: x }
  links:
    - endpoints: ["a_b:eth1", "c:eth1"]
    - endpoints: ["a_b:eth2", "d:eth2"]
    - endpoints: ["a_b:eth3", "host:x"]
    - endpoints: ["a_b:eth4", "nobody:x"]
    - endpoints: ["a_b:ethernet-1/1/1/1", "c:eth2"]
    - endpoints: ["a_b:eth6"]
    - { type: dummy, endpoint: { node: c, interface: eth7 } }
    - { type: vxlan, endpoint: { node: c, interface: eth8 }, remote: 192.0.2.1, vni: 1, dst-port: 4789 }
`,
    {},
    (path) => path !== 'gone',
  )
  const heads = said.map((each) => each.split('\n')[0]?.replace('lab.clab.yml:', ''))
  expect(heads).toMatchInlineSnapshot(`
    [
      "2:1 mgmt: not carried over: the management network",
      "5:5 topology.nodes.a_b: carried over by another name: a_b as a-b",
      "5:25 topology.nodes.a_b.cmd: not carried over: cmd of a_b",
      "5:112 topology.nodes.a_b.ports: not carried over: ports of a_b",
      "5:39 topology.nodes.a_b.startup-config: not carried over: startup-config of a_b",
      "5:92 topology.nodes.a_b.binds.0: not carried over: the bind of gone to a_b, which is not there",
      "5:105 topology.nodes.a_b.binds.1: not carried over: the bind "no" of a_b",
      "5:69 topology.nodes.a_b.exec.0: not carried over: the command "echo 'open" of a_b",
      "6:30 topology.nodes.c.image: carried over as a host: c, whose image is one of FRR, for no configuration is bound to it",
      "6:69 topology.nodes.c.env.1A: not carried over: the variable 1A of c",
      "7:16 topology.nodes.d.kind: carried over as a bridge of Linux: d, of kind ovs-bridge",
      "8:5 topology.nodes.e: not carried over: e, which has no kind",
      "12:7 topology.links.2: not carried over: a link to the machine's own network",
      "13:7 topology.links.3: not carried over: a link to nobody, which is no node of the topology",
      "14:7 topology.links.4: not carried over: a link at interface ethernet-1/1/1/1 of a_b: no name for an interface of Linux",
      "15:7 topology.links.5: not carried over: a link without two endpoints of the form node:interface",
      "16:7 topology.links.6: not carried over: a link of type dummy: only veth links two nodes of the lab",
      "17:7 topology.links.7: not carried over: a link of type vxlan: only veth links two nodes of the lab",
    ]
  `)
})

test('variables are replaced as envsubst does', () => {
  const env = { A: 'a', EMPTY: '' }
  const cases = [
    ['${A} $A ${A:-x} ${EMPTY:-x} ${EMPTY-x}', 'a a a x '],
    ['${B:=x} ${B-y} $$A', 'x y $A'],
    ['${not closed', '${not closed'],
  ] as const
  for (const [text, expanded] of cases) expect(expand(text, env)).toEqual({ text: expanded, unset: [] })
  expect(expand('${B}', env)).toEqual({ text: '', unset: ['B'] })
})

test('commands are split as a shell splits words', () => {
  const cases = [
    ['ip  addr\tadd x', ['ip', 'addr', 'add', 'x']],
    [`sh -c 'a "b" $c' "d \\"e\\" '" f\\ g ''`, ['sh', '-c', 'a "b" $c', `d "e" '`, 'f g', '']],
    [`a"b"'c'`, ['abc']],
  ] as const
  for (const [text, words] of cases) expect(parseCommand(text)).toEqual(words)
  for (const text of ['', ' ', `'`, `"a`, 'a\\', 'a\nb', `'' a`]) expect(parseCommand(text)).toBeUndefined()
})

test('hostile files are refused in bounds', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (let index = 1; index < 12; index++) {
    const before = String.fromCodePoint(96 + index)
    const name = String.fromCodePoint(97 + index)
    bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`)
  }
  const started = Date.now()
  for (const text of [
    bomb.join('\n'),
    '['.repeat(100_000),
    'topology: { nodes: { __proto__: { kind: linux } }, links: [constructor] }',
    'topology: []',
  ])
    expect(() => imported(text)).toThrow(LabFileError)
  expect(Date.now() - started).toBeLessThan(5_000)
})
