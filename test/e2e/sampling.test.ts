// Sampling in real labs: one that samples as it says is true, as far as sampling can be; one that does not say so is found out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { cannot, type Draft, flowlab, labFile, of, temporary } from '../support/labs.ts'
import { verdictOf } from '../support/verdicts.ts'

const directory = temporary('sampling')

/** One packet in four, by the last bits of its checksum: hash-based selection (RFC 5475, section 6.2) that nobody announces. */
const quarter = ['(udp and udp[7] & 3 = 0)', '(tcp and tcp[17] & 3 = 0)', '(icmp and icmp[3] & 3 = 0)'].join(
  ' or ',
)

/** Its tables want AS numbers; and a probe that says goodbye to no peer ends in order. */
function withoutBgp(probe: NonNullable<Draft['probes']>[string]): void {
  delete probe.bgp
  probe.tables = {}
}

describe.concurrent('sampling', () => {
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  test('1:10, announced and applied, is as wrong as it must be; and its times are told', async () => {
    const lab = labFile(directory, 'announced', ({ probes, collectors }) => {
      withoutBgp(of(probes, 'edge'))
      of(probes, 'edge').sampling = 10
      of(probes, 'edge').timeouts = { active: '1s', inactive: '1s' }
      of(collectors, 'main').renormalize = true
    })
    const run = join(directory, 'announced')
    const verdict = verdictOf(await flowlab(['run', lab, '--dir', run, '--format', 'json']))
    expect(verdict.findings).toEqual([])
    const [sampling] = verdict.sampling
    expect(sampling).toMatchObject({
      rate: 10,
      counters: 'sampled',
      asItMustBe: true,
      announced: [{ rate: 10, source: 'options' }],
      tables: [{ table: 'display', factor: 10 }],
    })
    const sum = (side: 'wire' | 'arrived' | 'collected') =>
      verdict.books.reduce((total, book) => total + book[side].packets, 0)
    expect(sum('collected')).toBe(10 * sum('arrived'))
    expect(sum('wire')).toBeGreaterThan(5 * sum('arrived'))

    const [time] = verdict.time
    expect(time?.visibility.unseen).toBe(0)
    expect(time?.visibility.visible?.worst).toBeGreaterThanOrEqual(
      time?.visibility.arrived?.worst ?? Infinity,
    )
    const curve = await flowlab(['curve', run])
    const [head, ...rows] = curve.stdout.trim().split('\n')
    expect(head).toContain('wire_packets')
    const column = head?.split(',').indexOf('wire_packets') ?? -1
    const onTheWire = rows.reduce((total, row) => total + Number(row.split(',')[column]), 0)
    expect(onTheWire).toBeGreaterThan(0.9 * sum('wire'))

    const table = await flowlab(['sampling', run, '--rates', '1,50', '--format', 'json'])
    expect(JSON.parse(table.stdout)).toMatchObject([{ point: 'r2:eth0', errors: { length: 8 } }])
    expect(readFileSync(join(run, 'collected-curve.ndjson'), 'utf8')).toContain('"table":"display"')
  })

  test('a rate that an event changes is judged by what was true then', async () => {
    const lab = labFile(directory, 'changed', (draft) => {
      const { probes, collectors, traffic } = draft
      withoutBgp(of(probes, 'edge'))
      of(probes, 'edge').sampling = 10
      of(collectors, 'main').renormalize = true
      for (const each of traffic ?? []) if ('for' in each) each.for = '9s'
      draft.events = [
        {
          ...{ name: 'slower', at: '3s', probe: 'edge', action: 'reconfigure' },
          options: { 'sampling_rate[collect]': 40 },
        },
      ]
    })
    const verdict = verdictOf(
      await flowlab(['run', lab, '--dir', join(directory, 'changed'), '--format', 'json']),
    )
    expect(verdict.findings).toEqual([])
    const [first, second] = verdict.sampling[0]?.periods ?? []
    expect([first, second]).toMatchObject([
      { rates: [10], asItMustBe: true },
      { since: 'slower', rates: [40], asItMustBe: true },
    ])
    expect(second?.crossed.low).toBeGreaterThan(1_000)
    // What the numbers show tells the one rate from the other.
    expect(second?.shown?.low).toBeGreaterThan(10)
    expect(first?.shown?.high).toBeLessThan(40)
  })

  test('every 11th is told from every 10th, of a thousand packets', async () => {
    const lab = labFile(directory, 'eleventh', (draft) => {
      const { probes, collectors } = draft
      const softflowd = {
        kind: 'softflowd',
        at: 'r2:eth0',
        export: { protocol: 'ipfix', to: 'main' },
      } as const
      draft.probes = { ...probes, edge: { ...softflowd, sampling: 10, options: { s: 11 } } }
      of(collectors, 'main').renormalize = true
    })
    const verdict = verdictOf(
      await flowlab(['run', lab, '--dir', join(directory, 'eleventh'), '--format', 'json']),
    )
    expect(verdict.findings.map(({ cause }) => cause)).toEqual(['sampling-rate-wrong'])
    expect(verdict.sampling).toMatchObject([{ method: 'deterministic', asked: 10, asItMustBe: false }])
    const { low = 0, high = Infinity } = verdict.sampling[0]?.observed ?? {}
    expect([low, high].map(Math.round)).toEqual([11, 11])
    expect(high - low).toBeLessThan(0.5)
  })

  test('1:4 that is not announced is named', async () => {
    const lab = labFile(directory, 'unannounced', ({ probes }) => {
      withoutBgp(of(probes, 'edge'))
      of(probes, 'edge').options = { pcap_filter: quarter }
    })
    const verdict = verdictOf(
      await flowlab(['run', lab, '--dir', join(directory, 'unannounced'), '--format', 'json']),
    )
    const causes = verdict.findings.map(({ cause }) => cause)
    expect(causes, JSON.stringify(verdict.findings)).toEqual(['sampling-unannounced'])
    expect(verdict.findings[0]?.summary).toMatch(/samples 1:\d.* and announces no rate/)
    expect(verdict.pass).toBe(false)
  })
})
