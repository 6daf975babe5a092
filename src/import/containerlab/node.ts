// A node of a containerlab topology → a node of a lab file. What has a meaning here is carried over; what only containerlab needs
// (labels, policies) is passed over; all else is named.

import { isSelfConfigured } from '../../topology/capabilities.ts'
import type { Path } from '../../topology/problem.ts'
import { type Bind, parseBind, parseCommand } from '../../topology/scalars.ts'
import { type ClabNode, isMapping, type Setting } from './read.ts'
import type { Surroundings } from './translate.ts'
import { nameNode } from './variables.ts'

export interface Context {
  /** The lab's name, as containerlab's directories have it. */
  readonly lab: string
  readonly surroundings: Surroundings
  readonly remark: (path: Path, message: string, remedy: string, part?: 'key') => undefined
  /** How many ends of links a node has. */
  readonly linksOf: (node: string) => number
}

export interface LabNode {
  readonly kind: 'frr' | 'bird' | 'host' | 'bridge'
  readonly image?: string
  readonly binds?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly exec?: readonly string[]
}

/** Without effect on the network. */
const passedOver = new Set([
  'kind',
  'group',
  'labels',
  'image-pull-policy',
  'restart-policy',
  'auto-remove',
  'startup-delay',
  'mgmt-ipv4',
  'mgmt-ipv6',
  'type',
  'hostname',
  'runtime',
  'position',
  'aliases',
  'dns',
  'privileged',
  'cap-add',
  'security-opts',
  'cgroupns-mode',
  'cgroup-parent',
  'pid-mode',
])
const carried = new Set(['image', 'binds', 'env', 'exec', 'sysctls', 'startup-config'])

/** Images by what they run: containerlab has no kinds for these. */
const routerImages: readonly (readonly [RegExp, 'frr' | 'bird'])[] = [
  [/(?:^|\/)(?:frr|frrouting)(?:[/:@_-]|$)/i, 'frr'],
  [/(?:^|\/)bird[\w.-]*(?:[:@]|$)/i, 'bird'],
]

/** Bridges: of the machine in containerlab, a node of the lab's own here. */
const bridges = new Set(['bridge', 'ovs-bridge'])

export function nodeOf(node: ClabNode, context: Context): LabNode | undefined {
  const { remark } = context
  const last = (key: string): Setting | undefined => node.settings.get(key)?.at(-1)
  const kind = last('kind')
  if (kind === undefined) {
    remark(
      node.path,
      `not carried over: ${node.name}, which has no kind`,
      'The node and its links are left out.',
      'key',
    )
    return undefined
  }
  const value = String(kind.value)
  if (bridges.has(value)) {
    if (value !== 'bridge')
      remark(
        kind.path,
        `carried over as a bridge of Linux: ${node.name}, of kind ${value}`,
        'It learns addresses and floods; flows of OpenFlow are not carried over.',
      )
    return { kind: 'bridge' }
  }
  if (value !== 'linux') {
    remark(
      kind.path,
      `not carried over: ${node.name}, of kind ${value}; linux and bridge can be`,
      'The node and its links are left out.',
    )
    return undefined
  }
  for (const [key, [setting]] of node.settings)
    if (!carried.has(key) && !passedOver.has(key) && setting)
      remark(setting.path, `not carried over: ${key} of ${node.name}`, 'It has no meaning here.', 'key')
  return linuxNode(node, context, last)
}

function linuxNode(node: ClabNode, context: Context, last: (key: string) => Setting | undefined): LabNode {
  const image = last('image')
  const family = routerImages.find(
    ([pattern]) => typeof image?.value === 'string' && pattern.test(image.value),
  )?.[1]
  const binds = bindsOf(node, family, last('startup-config'), context)
  const router = family !== undefined && isSelfConfigured({ kind: family, binds })
  if (family !== undefined && !router)
    context.remark(
      image?.path ?? node.path,
      `carried over as a host: ${node.name}, whose image is one of ${family.toUpperCase()}, for no configuration is bound to it`,
      `Bind one, such as frr.conf:/etc/frr/frr.conf, and its daemons start.`,
    )
  const env = environmentOf(node, context)
  const exec = commandsOf(node, router, context)
  return {
    kind: router ? family : 'host',
    ...(typeof image?.value === 'string' ? { image: image.value } : {}),
    ...(binds.length > 0
      ? {
          binds: binds.map(
            ({ source, target, readonly }) =>
              `${context.surroundings.place(source)}:${target}${readonly ? ':ro' : ''}`,
          ),
        }
      : {}),
    ...(Object.keys(env).length > 0 ? { env } : {}),
    ...(exec.length > 0 ? { exec } : {}),
  }
}

/** All items of the lists that a setting has at its levels, each with its place. */
const itemsOf = (node: ClabNode, key: string): Setting[] =>
  (node.settings.get(key) ?? []).flatMap(({ value, path }) =>
    (Array.isArray(value) ? (value as unknown[]) : []).map((item, index) => ({
      value: item,
      path: [...path, index],
    })),
  )

/** All entries of the mappings that a setting has at its levels; the most particular wins. */
const entriesOf = (node: ClabNode, key: string): Map<string, Setting> =>
  new Map(
    (node.settings.get(key) ?? []).flatMap(({ value, path }) =>
      isMapping(value)
        ? Object.entries(value).map(([name, inner]): [string, Setting] => [
            name,
            { value: inner, path: [...path, name] },
          ])
        : [],
    ),
  )

/** By target, so that what a node says wins over what its kind says. */
function bindsOf(
  node: ClabNode,
  family: string | undefined,
  startup: Setting | undefined,
  context: Context,
): Bind[] {
  const { lab, surroundings, remark } = context
  const written = itemsOf(node, 'binds')
  // Of FRR the startup configuration is frr.conf; containerlab itself has no such rule for kind linux.
  if (startup && family === 'frr' && typeof startup.value === 'string')
    written.unshift({ ...startup, value: `${startup.value}:/etc/frr/frr.conf` })
  else if (startup)
    remark(
      startup.path,
      `not carried over: startup-config of ${node.name}`,
      'Bind it to where its program looks for it.',
      'key',
    )
  const binds = new Map<string, Bind>()
  for (const { value, path } of written) {
    const [source = '', target = '', options = ''] = nameNode(String(value), lab, node.name).split(':')
    const readonly = options.split(',').includes('ro')
    const bind = parseBind(`${source}:${target}${readonly ? ':ro' : ''}`)
    if (!bind)
      remark(
        path,
        `not carried over: the bind ${JSON.stringify(value)} of ${node.name}`,
        'Write it as source:target or source:target:ro.',
      )
    else if (!surroundings.exists(bind.source))
      remark(
        path,
        `not carried over: the bind of ${bind.source} to ${node.name}, which is not there`,
        'Put it there and import again.',
      )
    else binds.set(bind.target, bind)
  }
  return [...binds.values()]
}

function environmentOf(node: ClabNode, { lab, remark }: Context): Record<string, string> {
  const entries = [...entriesOf(node, 'env')].flatMap(([name, { value, path }]) => {
    const text = nameNode(String(value), lab, node.name)
    if (/^[A-Za-z_]\w*$/.test(name) && /^[^\p{Cc}]{0,1000}$/u.test(text)) return [[name, text] as const]
    remark(
      path,
      `not carried over: the variable ${name} of ${node.name}`,
      'Names are letters, digits and _; values stand on one line.',
    )
    return []
  })
  return Object.fromEntries(entries)
}

/** Docker lets its containers forward packets; so does what has two links here. */
function commandsOf(node: ClabNode, isRouter: boolean, { lab, remark, linksOf }: Context): string[] {
  const sysctls = new Map([...entriesOf(node, 'sysctls')].map(([key, { value }]) => [key, String(value)]))
  if (!isRouter && linksOf(node.name) > 1 && !sysctls.has('net.ipv4.ip_forward'))
    sysctls.set('net.ipv4.ip_forward', '1')
  const settings = [...sysctls].map(([key, value]) => `sysctl -qw ${key}=${value}`)
  const written = itemsOf(node, 'exec').flatMap(({ value, path }) => {
    const text = nameNode(String(value), lab, node.name)
    if (parseCommand(text)) return [text]
    remark(
      path,
      `not carried over: the command ${JSON.stringify(text.slice(0, 100))} of ${node.name}`,
      'Write it on one line, each quote closed.',
    )
    return []
  })
  return [...settings, ...written]
}
