// Nodes and autonomous systems: routers have an AS, listed ASes have nodes, and no two announce the same addresses.
import { formatPrefix } from '../../kernel/address.ts'
import type { Prefix } from '../../kernel/address.ts'
import type { Path } from '../problem.ts'
import { isSelfConfigured } from '../capabilities.ts'
import { parseAsn } from '../scalars.ts'
import { inventory, suggestion } from '../suggest.ts'
import { overlaps } from './overlaps.ts'
import { isOfLab, isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

export function checkNodes(scene: Scene): void {
  const { draft, report } = scene
  const nodes = Object.entries(draft.nodes ?? {})
  if (draft.nodes && nodes.length === 0)
    report(['nodes'], 'expected at least one node, found none', 'Write such as r1: { kind: frr, as: 65531 }.')

  const numbers = new Set<string>()
  let complete = draft.nodes !== undefined
  for (const [name, node] of nodes) {
    if (node?.as !== undefined) numbers.add(String(node.as))
    else if (!node || 'as' in node) complete = false
    // A bind that could not be read may be its configuration.
    const mayConfigure =
      node && (isSelfConfigured(node) || node.config !== undefined || node.binds?.includes(undefined))
    if (node && isRouter(node.kind) && !('as' in node) && !mayConfigure)
      report(
        ['nodes', name, 'as'],
        'expected an AS number for a router, found none',
        'Write such as as: 65531.',
        'key',
      )
  }

  for (const [name, node] of nodes)
    for (const [index, bind] of (node?.binds ?? []).entries())
      if (bind && node?.binds?.slice(0, index).some((other) => other?.target === bind.target))
        report(
          ['nodes', name, 'binds', index],
          `expected a target of its own, found ${bind.target} again`,
          'Leave one of them out.',
        )

  const announced: { prefix: Prefix; asn: string; path: Path }[] = []
  for (const [asn, system] of Object.entries(draft.ases ?? {})) {
    if (complete && parseAsn(asn) !== undefined && !numbers.has(asn))
      report(
        ['ases', asn],
        `expected an AS with a node in it, found none in ${asn}`,
        suggestion(asn, numbers, inventory('AS number', [...numbers], ' of nodes')),
        'key',
      )
    for (const [index, prefix] of (system?.announce ?? []).entries())
      if (prefix && isOfLab(scene, prefix.address.family, ['ases', asn, 'announce', index]))
        announced.push({ prefix, asn, path: ['ases', asn, 'announce', index] })
  }
  for (const [outer, inner] of overlaps(announced)) {
    const same = outer.asn === inner.asn
    if (same && outer.prefix.length !== inner.prefix.length) continue
    report(
      inner.path,
      same
        ? `expected each prefix once, found ${formatPrefix(inner.prefix)} again`
        : `expected addresses of this AS alone, found ${formatPrefix(inner.prefix)} in ${formatPrefix(outer.prefix)} of AS ${outer.asn}`,
      same ? 'Leave it out.' : 'Announce it from one of them.',
    )
  }
}
