// A run as a page and as CSV, and a lab as a picture: whole, by themselves, whatever names there are.
import { readFileSync } from 'node:fs'
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

test('the CSV has the books', () => {
  const [head, ...rows] = booksCsv(verdict).trimEnd().split('\r\n')
  expect(head).toMatch(/^point,direction,probe,collector,table,wire_packets,wire_bytes,/)
  expect(rows).toHaveLength(verdict.books.length)
  const [book] = verdict.books
  expect(rows[0]).toContain(`,${book?.wire.packets},${book?.wire.bytes},`)
})

test('the picture has every node, link and address', async () => {
  const plan = compile((await load(join(import.meta.dirname, '../examples/janog36/lab.yaml'))).topology)
  const map = mapOf(plan)
  const picture = svg(map, plan)
  expect(svg(mapOf(plan), plan)).toBe(picture)
  for (const { name, as, interfaces } of plan.nodes) {
    expect(picture).toContain(`>${name}</text>`)
    if (as !== undefined) expect(picture).toContain(`>AS ${as}<`)
    for (const { addresses } of interfaces) for (const each of addresses) expect(picture).toContain(each)
  }
  expect(picture.match(/<line /g)).toHaveLength(plan.links.length)
  expect(picture).toContain('edge (pmacctd)')
  expect(dot(map, plan.lab)).toContain('"r2" -- "x" [taillabel="eth0", headlabel="eth0"];')
  expect(dot(map, plan.lab)).toContain('subgraph "cluster_as65531"')
  expect(mermaid(map).match(/ ---\|/g)).toHaveLength(plan.links.length)
})
