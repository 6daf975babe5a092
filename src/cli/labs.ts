// Which lab a verb is about: the one that is named by its run directory or its lab's name, else the only one alive.

import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Lab } from '../backend.ts'
import { backends } from '../backend/backends.ts'
import type { Plan } from '../plan/plan.ts'
import { type RunDirectory, runDirectory } from '../run/directory.ts'
import type { BackendName } from '../topology/topology.ts'
import { InputError } from './exit.ts'

export interface Known {
  readonly directory: RunDirectory
  readonly plan: Plan
}

/** A lab that is alive, whether its run directory is still there or not. */
export interface Alive {
  readonly name: string
  readonly directory: RunDirectory
  readonly backend: BackendName
  /** Absent where the run directory is lost. */
  readonly plan?: Plan
}

/** All labs of this user that are alive, in every backend. */
export async function allLabs(): Promise<Alive[]> {
  const found = await Promise.all(
    Object.entries(backends).map(async ([backend, load]) => {
      const labs = await (await load()).find()
      return Promise.all(
        labs.map(async (each): Promise<Alive> => {
          const directory = runDirectory(each.directory)
          const plan = await directory.read<Plan>('plan').catch(() => undefined)
          const name = plan?.lab ?? each.lab ?? basename(directory.path)
          return { name, directory, backend: backend as BackendName, ...(plan ? { plan } : {}) }
        }),
      )
    }),
  )
  return found.flat()
}

export type Living = Alive & Known & { readonly lab: Lab }

/** Those of which everything is there. */
export const livingLabs = async (): Promise<(Alive & Known)[]> =>
  (await allLabs()).flatMap(({ plan, ...rest }) => (plan ? [{ ...rest, plan }] : []))

/** Takes a lab down, whatever there is of it. */
export async function destroyLab({ directory, backend }: Alive): Promise<void> {
  const lab = await (await backends[backend]()).attach(directory.path)
  await lab?.destroy()
}

/** Throws InputError where none, or more than one, is meant. */
export async function livingLab(named?: string): Promise<Living> {
  const all = await livingLabs()
  const path = named === undefined ? undefined : await realpath(named).catch(() => undefined)
  const meant = all.filter(
    ({ directory, plan }) =>
      named === undefined ||
      directory.path === path ||
      plan.lab === named ||
      basename(directory.path) === named,
  )
  const [only] = meant
  if (!only)
    throw new InputError(`no lab ${named === undefined ? 'is alive' : `"${named}" is alive`}`, alive(all))
  if (meant.length > 1)
    throw new InputError(
      `${meant.length} labs are alive${named === undefined ? '' : ` by the name ${named}`}: say which`,
      `by its run directory: ${meant.map(({ directory }) => directory.path).join(', ')}`,
    )
  const lab = await (await backends[only.backend]()).attach(only.directory.path)
  if (!lab) throw new InputError(`the lab of ${only.directory.path} has just ended`, 'deploy it again')
  return { ...only, lab }
}

const alive = (all: readonly Known[]): string =>
  all.length === 0
    ? '`flowlab deploy LAB.yaml` brings one up'
    : `alive: ${all.map(({ plan, directory }) => `${plan.lab} (${directory.path})`).join(', ')}`

/** Throws InputError where the lab has no such node. */
export function nodeOf({ plan }: Known, name: string): string {
  if (plan.nodes.some((node) => node.name === name)) return name
  throw new InputError(
    `${plan.lab} has no node "${name}"`,
    `its nodes: ${plan.nodes.map((node) => node.name).join(', ')}`,
  )
}

/** A run directory that was named, whether its lab is alive or not. */
export async function namedDirectory(path: string): Promise<RunDirectory | undefined> {
  return existsSync(join(path, 'plan.json')) ? runDirectory(await realpath(path)) : undefined
}

/** Throws InputError where no run directory is named. */
export async function foundDirectory(path: string): Promise<RunDirectory> {
  const directory = await namedDirectory(path)
  if (!directory)
    throw new InputError(`${path} is no run directory`, '`flowlab run` says where it leaves its own')
  return directory
}
