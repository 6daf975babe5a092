// The page in Japanese: nothing in it is English but names, identifiers, units and what programs wrote.

import { expect, test } from 'vitest'
import type { Answer } from '../../src/server/api/endpoints.ts'
import { visit } from './browser.ts'
import { ask, go, type Site, settle } from './site.ts'

/** What is the same in both languages: protocols, formats, programs, units, and the words of filters and lab files. */
const alike = new Set(
  [
    'AS ARP BGP CLI CSV ICMP IP IPFIX IPv4 IPv6 NetFlow PNG Parquet RRDtool SCTP SNMP SVG TCP ToS UDP sFlow',
    'English bird bridge ditg flowlab frr host icmp netflow9 nfprobe ping pmacctd tcp udp',
    'bit kbit Mbit kB MB min ms pps lo eth0 eth1 eth2 exporter in out net FSRPAUEC',
  ]
    .join(' ')
    .split(' '),
)

/** Texts and attributes that are read or heard, without code, addresses and what is said to be English. */
const texts = `(() => {
  const aside = 'code, pre, .mono, [lang=en], noscript, script, style, .records tbody, .brand'
  const out = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest(aside)) out.push(node.data)
  for (const each of document.querySelectorAll('[aria-label], [title], [alt]'))
    for (const name of ['aria-label', 'title', 'alt'])
      if (each.hasAttribute(name) && !each.closest('[lang=en], .records')) out.push(each.getAttribute(name))
  return [...new Set(out.map((text) => text.trim()).filter(Boolean))]
})()`

const openAll = `document.querySelectorAll('details:not(.node-facts details details)').forEach((each) => (each.open = true))`

/** `names`: of the lab and its charts. */
export function language(site: Site, names: readonly string[]): void {
  /** Without commands, addresses, paths and names that are put together. */
  const words = (text: string): string[] =>
    [...text.replaceAll(/flowlab .*|\S*[/:@.]\S*|\w+-\S+/g, ' ').matchAll(/[A-Za-z]{2,}\d*/g)].map(
      ([word]) => word,
    )

  test('in Japanese no English is left in any view', async () => {
    const { page, wrong } = await visit(site.browser, site.base, { language: 'ja' })
    const [run, lost] = [`/runs/${site.id}`, `/runs/${site.lost}`]
    for (const path of [
      '/',
      '/charts',
      `${run}/map`,
      `${run}/map?node=r2`,
      `${run}/map?link=${encodeURIComponent('r2:eth0-x:eth0')}`,
      `${run}/time?by=host`,
      `${run}/paths`,
      `${run}/books`,
      `${lost}/books`,
      `${run}/explore`,
      `${run}/explore?group=sourceAs,path`,
      '/nothing',
    ]) {
      await go(page, path)
      await page.evaluate(openAll)
      await settle(page)
      const said = (await page.evaluate(texts)) as string[]
      expect(said.some((text) => /[\p{Script=Han}\p{Script=Katakana}]/u.test(text))).toBe(true)
      // Other labs of this machine may be listed.
      const { runs } = await ask<Answer<'/api/runs'>>(site, '/api/runs')
      const known = new Set([...alike, ...names, ...runs.flatMap(({ lab }) => words(lab))])
      const left = said.filter((text) => words(text).some((word) => !known.has(word)))
      // What has no translation says that it is English; the server's sentences all have one.
      const untold = await page.locator('main [lang=en]').allTextContents()
      expect([path, left, untold]).toEqual([path, [], []])
      expect(await page.evaluate('document.documentElement.lang')).toBe('ja')
    }
    expect(wrong).toEqual([])
    await page.context().close()
  })

  test('a language that is chosen stays, and changes all at once', async () => {
    const { page } = await visit(site.browser, site.base)
    await go(page, `/runs/${site.id}/books`)
    await page.getByLabel('Language').selectOption('ja')
    await page.locator('h1', { hasNotText: 'Books' }).waitFor()
    await page.reload()
    await page.locator('h1', { hasNotText: 'Books' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('ja')
    await page.context().close()
  })
}
