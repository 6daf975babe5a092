// The container engine: where it listens, whether it will do, and what its refusals mean. Everything that is asked of it goes
// through `asked`, so that each refusal comes out as a MachineError with its remedy. The client is loaded when it is needed:
// it takes 0.3 s.

import { existsSync } from 'node:fs'
import type Docker from 'dockerode'
import { MachineError } from '../../backend.ts'

/** Docker Engine 20.10, and Podman's compatible API. */
const oldest = { api: 1.41, engine: 'Docker Engine 20.10' }

const byDefault = '/var/run/docker.sock'

/** The engine's socket; throws MachineError where DOCKER_HOST names another kind of place. */
export function socketPath(): string {
  const host = process.env['DOCKER_HOST']
  if (host === undefined || host === '') return byDefault
  if (host.startsWith('unix://')) return host.slice('unix://'.length)
  throw new MachineError(
    `DOCKER_HOST is ${host}: expected unix:///path, an engine on this machine`,
    "nodes keep their logs in this machine's run directory: run flowlab on the machine of the engine",
  )
}

/** Whether there is an engine to ask at all: who has none has no labs in it. */
export const isThere = (): boolean => existsSync(socketPath())

/** Throws MachineError where no engine answers, where it may not be used, and where it is too old. */
export async function connect(): Promise<Docker> {
  const socket = socketPath()
  const { default: Client } = await import('dockerode')
  const engine = new Client({ socketPath: socket })
  const version = await asked(engine.version())
  if (Number(version.ApiVersion) < oldest.api)
    throw new MachineError(
      `the container engine at ${socket} is too old: version ${version.Version}, API ${version.ApiVersion}`,
      `${oldest.engine} (API ${oldest.api}) or newer, or Podman 4`,
    )
  return engine
}

interface Refusal {
  readonly code?: string
  readonly statusCode?: number
  readonly message: string
}

interface Meaning {
  readonly applies: (refusal: Refusal) => boolean
  readonly what: (said: string) => string
  readonly remedy: string
}

/** The first that applies is what the refusal means. */
const meanings: readonly Meaning[] = [
  {
    applies: ({ code }) => code === 'ENOENT' || code === 'ECONNREFUSED',
    what: () => `no container engine answers at ${socketPath()}`,
    remedy:
      'install one (`apt-get install docker.io`), start it, or say where it listens: DOCKER_HOST=unix:///path',
  },
  {
    applies: ({ code }) => code === 'EACCES' || code === 'EPERM',
    what: () => `this user may not use the container engine at ${socketPath()}`,
    remedy: 'join its group (`sudo usermod -aG docker $USER`, then log in again), or use the sandbox',
  },
  {
    applies: ({ message }) => /no space left on device|disk quota exceeded/i.test(message),
    what: (said) => `the container engine's disk is full: ${said}`,
    remedy: 'make room where it keeps its data (`docker system df` says what takes it), then try again',
  },
  {
    applies: ({ statusCode, message }) => statusCode === 404 && /image/i.test(message),
    what: (said) => `the container engine lacks an image: ${said}`,
    remedy: "`flowlab image build` makes flowlab's own; get a node's own with `docker pull` or `docker load`",
  },
  {
    applies: ({ message }) => message.includes('executable file not found'),
    what: (said) => `an image lacks what its node runs: ${said.replace(/^.*exec: /, '')}`,
    remedy: "an image of a node's own needs sh, if the node is a router, or a command of its own that stays",
  },
  {
    applies: ({ statusCode, message }) => statusCode === 409 && /name/i.test(message),
    what: (said) => `a container's name is taken: ${said}`,
    remedy: 'flowlab does not touch what is not its own: remove or rename that container',
  },
]

/** What comes of a question to the engine; throws MachineError where it refuses. */
export async function asked<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (error) {
    throw meaningOf(error as Refusal & Error)
  }
}

function meaningOf(
  refusal: Refusal & { readonly reason?: string; readonly json?: { message?: string } },
): MachineError {
  const said = refusal.json?.message ?? refusal.message
  const meaning = meanings.find(({ applies }) => applies({ ...refusal, message: said }))
  return new MachineError(
    meaning?.what(said) ?? `the container engine refuses: ${said}`,
    meaning?.remedy ?? 'ask the engine itself: `docker info`, and its log',
  )
}

/** Whether the engine says that what was asked about is not there, or just going. */
export const isGone = (error: unknown): boolean => [404, 409].includes((error as Refusal).statusCode ?? 0)
