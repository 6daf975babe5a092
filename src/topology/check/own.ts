// Configurations of the user's own, where they cannot be: on nodes that are no routers, beside binds that bring one, on
// programs that read none, and beside what they would replace. What stands in the files is ../own.ts's and the parts'.
import { configurationOf, isSelfConfigured, probeCapabilities } from '../capabilities.ts'
import { isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

const directives = new Set<string | undefined>(['pmacctd', 'nfacctd', 'sfacctd'])

export function checkOwn({ draft, report }: Scene): void {
  for (const [name, node] of Object.entries(draft.nodes ?? {})) {
    if (node?.config === undefined || node.kind === undefined) continue
    const path = ['nodes', name, 'config']
    if (!isRouter(node.kind))
      report(path, `expected a router to configure, found a ${node.kind}`, 'Leave it out.', 'key')
    else if (node.kind === 'bird' && typeof node.config !== 'string')
      report(path, 'expected one file for BIRD, found one for each daemon', 'Name its bird.conf.')
    else if (isSelfConfigured(node))
      report(
        path,
        `expected one configuration, found another bound to ${configurationOf[node.kind === 'bird' ? 'bird' : 'frr']}`,
        'Leave one of them out.',
        'key',
      )
  }
  for (const [role, daemons] of [
    ['probes', draft.probes],
    ['collectors', draft.collectors],
  ] as const)
    for (const [name, daemon] of Object.entries(daemons ?? {})) {
      if (!daemon?.kind || directives.has(daemon.kind)) continue
      for (const map of Object.keys(daemon.maps ?? {}))
        report(
          [role, name, 'maps', map],
          `expected a program of pmacct, which reads maps, found ${daemon.kind}`,
          'Leave it out.',
          'key',
        )
    }
  for (const [name, probe] of Object.entries(draft.probes ?? {}))
    if (probe?.config !== undefined && probe.kind && probeCapabilities[probe.kind].options === 'columns')
      report(
        ['probes', name, 'config'],
        `expected a program that reads a configuration, found ${probe.kind}, whose configuration is a database`,
        'Leave it out, and write columns of its record as options.',
        'key',
      )
}
