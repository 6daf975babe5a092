import { expect, test } from 'vitest'
import { figures } from './figures.ts'
import { parseClaim } from './parse.ts'
import { type Names, Refusal } from './refusal.ts'

const names: Names = {
  nodes: ['h1', 'h32', 'edge'],
  ases: ['65531', '65533'],
  probes: ['edge'],
  collectors: ['main'],
  points: ['r2:eth0'],
  events: ['failover', 'collector-restart'],
  causes: ['exports-lost'],
}

const node = (name: string) => ({ kind: 'node', name })

test.each([
  [
    'bytes within 0 %',
    { figure: 'bytes', scope: {}, test: { unit: 'share', high: { value: 0, open: false } } },
  ],
  [
    'bytes within 2% over collector-restart',
    { scope: { over: 'collector-restart' }, test: { unit: 'share', high: { value: 0.02, open: false } } },
  ],
  [
    'sampling error of AS 65533 below 5 %',
    { scope: { of: { kind: 'AS', name: '65533' } }, test: { high: { value: 0.05, open: true } } },
  ],
  ['loss of edge in transport between 5 % and 15 %', { scope: { of: { kind: 'probe', name: 'edge' } } }],
  ['bytes of node edge within 1 %', { scope: { of: node('edge') } }],
  [
    'visible within 5s (median)',
    { scope: { statistic: 'median' }, test: { high: { value: 5000, open: false } } },
  ],
  [
    'visible (median) within 5 s',
    { scope: { statistic: 'median' }, test: { high: { value: 5000, open: false } } },
  ],
  ['packets to h32 at r2:eth0 within 1 %', { scope: { to: node('h32'), at: 'r2:eth0' } }],
  [
    'collected packets at least 1000',
    { figure: 'collected packets', test: { unit: 'count', low: { value: 1000 } } },
  ],
  ['wrong attributes at most 3', { test: { unit: 'count', high: { value: 3, open: false } } }],
  ['as-path of h32 is 65530 65533', { test: { unit: 'text', is: 'is', values: ['65530 65533'] } }],
  ['as-path of h1 is not empty', { test: { is: 'is not', values: [''] } }],
  [
    'as-path of h32 includes 65530 65533 or 65540',
    { test: { is: 'includes', values: ['65530 65533', '65540'] } },
  ],
  [
    'within 10 s of failover, peer-as of h32 is 65540',
    { scope: { of: node('h32') }, after: { event: 'failover', of: 'begin', within: 10_000 } },
  ],
  ['within 500ms of the end of failover, as of h32 is 65533', { after: { of: 'end', within: 500 } }],
  ['no findings in transport', { about: 'findings', wanted: 'none', scope: { in: 'transport' } }],
  ['finding exports-lost of edge allowed', { wanted: 'allowed', cause: 'exports-lost' }],
  ['finding exports-lost', { wanted: 'some' }],
  ['no finding exports-lost of main', { wanted: 'none', cause: 'exports-lost' }],
])('%s', (text, claim) => {
  expect(parseClaim(text, names)).toMatchObject(claim)
})

/** The mark stands before the word that is pointed at. */
test.each([
  ['|byts within 0 %', 'a figure'],
  ['bytes within |5', 'a percentage'],
  ['bytes of |h2 within 5 %', 'a probe, a collector, a node or AS NUMBER'],
  ['bytes within 2 % over |failver', 'a named event'],
  ['visible within 5 s (|mean)', 'median or worst'],
  ['|as-path is 65530', 'as-path of NODE'],
  ['within 5 s of failover, |bytes within 1 %', 'a figure that has times'],
  ['bytes within 0 % |or so', 'the end'],
  ['wrong attributes is 0 |of edge', 'of before the value'],
  ['bytes within|', 'a number'],
])('%s', (marked, expected) => {
  const refusal = parseClaim(marked.replace('|', ''), names)
  expect(refusal).toBeInstanceOf(Refusal)
  expect(refusal).toMatchObject({ at: marked.indexOf('|'), expected })
})

test('every example of the table can be read', () => {
  const known: Names = { ...names, events: ['failover'], nodes: ['h1', 'h32'] }
  for (const { example, name } of figures) {
    const claim = parseClaim(example, known)
    expect(claim, example).not.toBeInstanceOf(Refusal)
    expect(claim).toMatchObject({ figure: name })
  }
  expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length)
})

test('reading ends, whatever the text', () => {
  const words = [
    'bytes',
    'within',
    '5',
    '%',
    'of',
    'h1',
    '(',
    ')',
    ',',
    'or',
    'no',
    'finding',
    'the',
    'end',
    'AS',
  ]
  for (let seed = 1; seed < 3_000; seed++) {
    const text = Array.from(
      { length: seed % 9 },
      (_, index) => words[(seed * (index + 7) * 2_654_435_761) % words.length],
    )
    const claim = parseClaim(text.join(' '), names)
    if (claim instanceof Refusal) expect(claim.at).toBeLessThanOrEqual(text.join(' ').length)
  }
})

test.each([
  ['peer-as of h32 is 4294967296', 18, 'an AS number or empty'],
  ['next-hop of h32 is 300.1.1.1', 19, 'an address or empty'],
  ['next-hop of h32 is 65530', 19, 'an address or empty'],
  ['as of h32 is 65533 or 65530 65531', 28, 'the end, or an AS number'],
  ['as-path of h32 is 65530 65533 or', 32, 'AS numbers or empty'],
  ['as-path of h32 is 65530 within 5 %', 24, 'the end, or AS numbers'],
])('%s: no such text', (text, at, expected) => {
  expect(parseClaim(text, names)).toMatchObject({ at, expected })
})

test('texts are compared as they are written everywhere', () => {
  expect(parseClaim('as of h32 is 065533', names)).toMatchObject({ test: { values: ['65533'] } })
  expect(parseClaim('next-hop of h32 is 2001:DB8:0::1', names)).toMatchObject({
    test: { values: ['2001:db8::1'] },
  })
})
