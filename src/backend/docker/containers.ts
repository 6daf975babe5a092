// What is made in the engine: names, labels and the description of each container. Pure.

import { createHash } from 'node:crypto'
import { join, posix } from 'node:path'
import type { ContainerCreateOptions, MountSettings } from 'dockerode'
import type { NodePlan, Plan } from '../../plan/plan.ts'
import { configured } from '../common/files.ts'
import { prepared, staying } from './script.ts'

/** flowlab's own image, with all parts; `flowlab image build` makes it. */
export const partsImage = 'flowlab/parts:latest'

export const label = {
  /** On everything that is made, image and containers: without it nothing is ever removed. */
  lab: 'flowlab.lab',
  directory: 'flowlab.directory',
  node: 'flowlab.node',
  /** User id of whoever deployed it: labs of others are not found. */
  user: 'flowlab.user',
  /** The process that the lab ends with unless it is kept: its pid and start time. */
  owner: 'flowlab.owner',
  /** On the container that keeps a node's links: the node. */
  linksOf: 'flowlab.links-of',
  /** On the container of a node's own image: the node. */
  imageOf: 'flowlab.image-of',
} as const

/** Where a node sees its directory of the run directory. */
export const kept = '/lab'

export const userId = (): string => String(process.getuid?.() ?? 0)
export const groupId = (): string => String(process.getgid?.() ?? 0)

export interface Deployment {
  readonly plan: Plan
  readonly directory: string
  readonly owner: string
}

/** Two labs may have one name, not one run directory. */
const digest = (directory: string): string => createHash('sha256').update(directory).digest('hex').slice(0, 6)

export const nameOf = (lab: string, node: string, directory: string): string =>
  `flowlab-${lab}-${node}-${digest(directory)}`

const labelsOf = ({ plan, directory, owner }: Deployment): Record<string, string> => ({
  [label.lab]: plan.lab,
  [label.directory]: directory,
  [label.user]: userId(),
  [label.owner]: owner,
})

const bind = (source: string, target: string, readOnly = false): MountSettings => ({
  Type: 'bind',
  Source: source,
  Target: target,
  ReadOnly: readOnly,
})

const unconfined = ['apparmor=unconfined', 'label=disable']

/** What routers, probes and counters need: interfaces, raw sockets, nftables, and to look into each other. */
const capabilities = ['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN', 'SYS_NICE', 'SYS_PTRACE']

/** Directories in memory, with their modes. */
const inMemory = { '/run': '755', '/tmp': '1777', '/var/tmp': '1777' } as const

const tmpfs = Object.fromEntries(
  Object.entries(inMemory).map(([target, mode]) => [target, `exec,mode=${mode}`]),
)

/** One that the container of the node's own image sees too. */
const shared = ([target, mode]: readonly [string, string]): MountSettings => ({
  Type: 'volume',
  Source: '',
  Target: target,
  VolumeOptions: {
    NoCopy: true,
    Labels: {},
    DriverConfig: { Name: 'local', Options: { type: 'tmpfs', device: 'tmpfs', o: `mode=${mode}` } },
  },
})

/**
 * What stays while a node is off and on again: its network namespace, with its links and the kernel's counters, its process
 * numbers, and the witnesses that run here. No network of the engine's.
 */
export function linksContainer(node: NodePlan, deployment: Deployment): ContainerCreateOptions {
  const { plan, directory } = deployment
  const own = join(directory, 'nodes', node.name)
  return {
    name: `${nameOf(plan.lab, node.name, directory)}-links`,
    Image: partsImage,
    Hostname: node.name,
    Labels: { ...labelsOf(deployment), [label.linksOf]: node.name },
    Entrypoint: ['bash', '--norc', '-c', staying],
    Cmd: [],
    HostConfig: {
      NetworkMode: 'none',
      CapAdd: capabilities,
      SecurityOpt: unconfined,
      Mounts: [bind(own, kept), bind(join(own, 'log'), '/var/log')],
    },
  }
}

/**
 * A node, in the network of `links`: its files where its programs look for them, its own /run and /tmp in memory, as in the
 * sandbox. It is of flowlab's image, so that witnesses and generators are the same on every node.
 */
export function nodeContainer(node: NodePlan, links: string, deployment: Deployment): ContainerCreateOptions {
  const { plan, directory } = deployment
  const own = join(directory, 'nodes', node.name)
  return {
    name: nameOf(plan.lab, node.name, directory),
    Image: partsImage,
    Labels: { ...labelsOf(deployment), [label.node]: node.name },
    Entrypoint: ['bash', '--norc', '-c', prepared(node)],
    Cmd: [],
    StopSignal: 'SIGTERM',
    HostConfig: {
      NetworkMode: `container:${links}`,
      PidMode: `container:${links}`,
      CapAdd: capabilities,
      SecurityOpt: unconfined,
      // A node whose first process crashes comes back by itself.
      RestartPolicy: { Name: 'on-failure' },
      ...(node.image === undefined ? { Tmpfs: tmpfs } : {}),
      Mounts: [
        ...(node.image === undefined ? [] : Object.entries(inMemory).map(shared)),
        bind(own, kept),
        bind(join(own, 'log'), '/var/log'),
        ...configured(node).map((target) => bind(posix.join(own, target), target)),
        ...node.binds.map(({ source, target, readonly }) => bind(source, target, readonly)),
      ],
    },
  }
}

/**
 * What a node's own image adds to it: a container of that image in the node's network and among its processes, which sees the
 * node's files at the same places. On a host it runs what the image says, on a terminal, as containerlab has it; on a router
 * flowlab starts what there is to start.
 */
export function imageContainer(
  node: NodePlan,
  of: string,
  links: string,
  labels: Labels,
): ContainerCreateOptions {
  const { [label.node]: name = '', ...rest } = labels
  const idle = { Entrypoint: ['sh', '-c', 'while :; do sleep 3600; done'], Cmd: [] }
  return {
    name: `${nameOf(labels[label.lab] ?? '', name, labels[label.directory] ?? '')}-image`,
    Image: node.image ?? '',
    Labels: { ...rest, [label.imageOf]: name },
    Env: Object.entries(node.env).map(([key, value]) => `${key}=${value}`),
    Tty: true,
    OpenStdin: true,
    ...(node.kind === 'host' ? {} : idle),
    HostConfig: {
      NetworkMode: `container:${links}`,
      PidMode: `container:${links}`,
      VolumesFrom: [of],
      CapAdd: capabilities,
      SecurityOpt: unconfined,
    },
  }
}

export type Labels = Readonly<Record<string, string>>

/**
 * Runs one script of the run directory over the lab and is gone: it sees the machine's processes, and by them enters the nodes'
 * network namespaces. So nothing on this side needs root.
 */
export function helperContainer(script: string, directory: string, labels: Labels): ContainerCreateOptions {
  return {
    Image: partsImage,
    // It is no node's, whatever labels it is given.
    Labels: Object.fromEntries(
      Object.entries(labels).filter(
        ([name]) => ![label.node, label.linksOf, label.imageOf].some((own) => own === name),
      ),
    ),
    Entrypoint: ['bash', '--norc', `${kept}/${script}`],
    Cmd: [],
    HostConfig: {
      NetworkMode: 'none',
      PidMode: 'host',
      // The few rights that it takes, not all: an engine may itself run where some are not to be had.
      CapAdd: ['NET_ADMIN', 'SYS_ADMIN', 'SYS_PTRACE'],
      SecurityOpt: unconfined,
      // The engine mounts /proc/sys read-only otherwise.
      ReadonlyPaths: [],
      Mounts: [bind(directory, kept)],
    },
  }
}
