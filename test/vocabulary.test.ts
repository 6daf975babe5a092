// What is said of probes in one vocabulary, word by word: which part takes it with which protocol, and in which words the others
// refuse it. As a table, in a golden file: `-u` writes it anew.
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { parse } from '../src/topology/parse.ts'
import { LabFileError } from '../src/topology/problem.ts'

const aggregate = ['src_host', 'dst_host', 'proto', 'src_port', 'dst_port']
const parts = ['pmacctd', 'softflowd', 'fprobe', 'ovs']
const protocols = ['netflow1', 'netflow5', 'netflow9', 'ipfix', 'sflow']
/** Of the probe, and of its export. */
const words: Readonly<Record<string, readonly [object, object]>> = {
  nothing: [{}, {}],
  sampling: [{ sampling: 10 }, {}],
  'sampling of every Nth': [{ sampling: { rate: 10, mode: 'deterministic' } }, {}],
  'sampling at random': [{ sampling: { rate: 10, mode: 'random' } }, {}],
  'active timeout': [{ timeouts: { active: '30s' } }, {}],
  'inactive timeout': [{ timeouts: { inactive: '5s' } }, {}],
  direction: [{ direction: 'in' }, {}],
  'snap length': [{ snaplen: 128 }, {}],
  'template refresh': [{}, { 'template-refresh': '10s' }],
  'source address': [{}, { source: '192.168.0.1' }],
  'observation domain': [{}, { domain: 7 }],
}

const lab = (kind: string, protocol: string, [probe, exported]: readonly [object, object]): string =>
  stringify({
    name: 'vocabulary',
    nodes: {
      h1: { kind: 'host', as: 65_001 },
      r: { kind: 'bird', as: 65_001 },
      h2: { kind: 'host', as: 65_001 },
      col: { kind: 'host' },
    },
    links: [
      { endpoints: ['h1', 'r:eth1'], ipv4: '192.168.0.0/24' },
      { endpoints: ['h2', 'r:eth0'], ipv4: '192.168.1.0/24' },
      { endpoints: ['r:eth2', 'col'] },
    ],
    probes: {
      edge: {
        ...{ kind, at: 'r:eth0' },
        ...probe,
        export: { to: 'c', protocol, ...(kind === 'pmacctd' ? { aggregate } : {}), ...exported },
      },
    },
    collectors: { c: { kind: protocol === 'sflow' ? 'sfcapd' : 'nfcapd', node: 'col' } },
  })

function said(kind: string, protocol: string, word: readonly [object, object]): string {
  try {
    parse(lab(kind, protocol, word), 'lab.yaml')
    return 'taken'
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error
    return error.problems.map(({ message, remedy }) => `${message}. ${remedy}`).join(' | ')
  }
}

test('each word for a probe is taken, or refused for a reason', async () => {
  const lines = parts.flatMap((kind) =>
    protocols.flatMap((protocol) => {
      const without = said(kind, protocol, words['nothing']!)
      // What cannot export so at all is said once.
      const asked = without === 'taken' ? Object.entries(words) : Object.entries(words).slice(0, 1)
      return asked.map(([word, how]) => `${kind}, ${protocol}, ${word}: ${said(kind, protocol, how)}`)
    }),
  )
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/vocabulary.txt')
})
