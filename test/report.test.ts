// A run as a page and as CSV, and a lab as a picture: whole, by themselves, whatever names there are.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compile } from '../src/plan/compile.ts'
import { booksCsv } from '../src/report/books.ts'
import { dot, mermaid } from '../src/report/graph/text.ts'
import { svg } from '../src/report/graph/svg.ts'
import { htmlReport } from '../src/report/html.ts'
import { mapOf } from '../src/server/answers/map.ts'
import { load } from '../src/topology/load.ts'
import type { Verdict } from '../src/verify/verdict.ts'

const verdict = JSON.parse(
  readFileSync(join(import.meta.dirname, 'runs/exports-lost.verdict.json'), 'utf8'),
) as Verdict

test('the page needs nothing but itself', () => {
  const page = htmlReport({ ...verdict, lab: '<script>alert(1)</script>"&' })
  expect(page).not.toMatch(/<script|<link|<img|url\(|@import|https?:/i)
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;')
  expect(page).toContain('✘ not true')
  for (const { id } of verdict.findings) expect(page).toContain(id)
  expect(page).toContain('prefers-color-scheme')
})

test('the page says all that the verdict says, with the lab drawn in it', async () => {
  const { plan, map } = await drawn(join(import.meta.dirname, '../examples/janog36/lab.yaml'))
  const page = htmlReport(verdict, svg(map, plan, 'interfaces', true))
  expect(page).not.toMatch(/<script|<link|<img|url\(|@import|https?:/i)
  expect(page).toContain('>r2</text>')
  // The picture's style is the picture's alone.
  expect(page).toContain('.lab-picture .name {')
  expect(page).not.toMatch(/^\.name /m)
  const titles = [...page.matchAll(/<h2>([^<]*)</g)].map(([, title]) => title)
  expect(titles).toEqual([
    'Findings',
    'Books',
    'Over time',
    'The lab',
    'Host pairs',
    'Attributes',
    'Traffic, as its generators say',
  ])
  // Where two witnesses differ, and nowhere else: exported is what crossed, arrived is not.
  const [book] = verdict.books
  const digits = new Intl.NumberFormat('en-US')
  expect(page).toContain(`<td class="n bad">${digits.format(book?.arrived.packets ?? 0)}</td>`)
  expect(page).not.toContain(`<td class="n bad">${digits.format(book?.exported.packets ?? 0)}</td>`)
})

test('the CSV has the books', () => {
  const [head, ...rows] = booksCsv(verdict).trimEnd().split('\r\n')
  expect(head).toMatch(/^point,direction,probe,collector,table,wire_packets,wire_bytes,/)
  expect(rows).toHaveLength(verdict.books.length)
  const [book] = verdict.books
  expect(rows[0]).toContain(`,${book?.wire.packets},${book?.wire.bytes},`)
})

const examples = readdirSync(join(import.meta.dirname, '../examples')).filter((name) => !name.endsWith('.md'))

const drawn = async (file: string) => {
  const plan = compile((await load(file)).topology)
  return { plan, map: mapOf(plan) }
}

test('the picture has every node, link, interface and address', async () => {
  const { plan, map } = await drawn(join(import.meta.dirname, '../examples/janog36/lab.yaml'))
  const picture = svg(map, plan)
  expect(svg(mapOf(plan), plan)).toBe(picture)
  for (const { name, as, interfaces } of plan.nodes) {
    expect(picture).toContain(`>${name}</text>`)
    if (as !== undefined) expect(picture).toContain(`>AS ${as}<`)
    for (const { addresses } of interfaces) for (const each of addresses) expect(picture).toContain(each)
  }
  expect(picture.match(/<line /g)).toHaveLength(plan.links.length)
  expect(picture).toContain('probe edge: pmacctd at r2:eth0, netflow9 to main')
  const ends = (of: string): number => of.match(/class="end"/g)?.length ?? 0
  expect([ends(svg(map, plan, 'none')), ends(picture)]).toEqual([0, 2 * plan.links.length])
  expect(svg(map, plan, 'addresses')).toContain('>192.168.56.3/24</text>')
  expect(dot(map, plan)).toContain('"r2" -- "x" [taillabel="eth0", headlabel="eth0"];')
  expect(dot(map, plan, 'addresses')).toContain('taillabel="eth0\\n192.168.56.3/24"')
  expect(dot(map, plan)).toContain('subgraph "cluster_as65531"')
  expect(mermaid(map, plan).match(/ ---\|/g)).toHaveLength(plan.links.length)
})

test.for(examples)('the picture of %s is small, and nothing in it stands on something else', async (name) => {
  const { plan, map } = await drawn(join(import.meta.dirname, '../examples', name, 'lab.yaml'))
  const picture = svg(map, plan)
  const [, width = '', height = ''] = /width="([\d.]+)" height="([\d.]+)"/.exec(picture) ?? []
  // A node with what is around it, of which an AS has more.
  expect(Number(width) * Number(height)).toBeLessThan(map.nodes.length * 200 * 200)
  const boxes = [
    ...picture.matchAll(
      /<rect class="node[^>]* x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
    ),
  ].map(([, ...values]) => values.map(Number) as [number, number, number, number])
  expect(boxes).toHaveLength(map.nodes.length)
  for (const [index, [x, y, w, h]] of boxes.entries())
    for (const [left, top, across, down] of boxes.slice(index + 1))
      expect(x + w < left || left + across < x || y + h < top || top + down < y).toBe(true)
})
