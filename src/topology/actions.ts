// What can happen to whom, as data: the actions of each kind of target, what else each of them asks for, and whether it can last.

export const targets = ['link', 'node', 'session', 'router', 'probe', 'collector', 'exports'] as const
export type TargetKind = (typeof targets)[number]

export const actions = [
  ...['down', 'up', 'impair', 'restart', 'reset'],
  ...['withdraw', 'announce', 'prepend', 'local-preference'],
  ...['kill', 'stop', 'reconfigure', 'drop'],
] as const satisfies readonly string[] as readonly [ActionName, ...ActionName[]]
export type ActionName =
  | 'down'
  | 'up'
  | 'impair'
  | 'restart'
  | 'reset'
  | 'withdraw'
  | 'announce'
  | 'prepend'
  | 'local-preference'
  | 'kill'
  | 'stop'
  | 'reconfigure'
  | 'drop'

export interface Asks {
  /** Fields that it must have. */
  readonly needs: readonly Field[]
  /** Fields that it may have. */
  readonly takes: readonly Field[]
}

/** What a link can do to what crosses it. */
export const impairments = ['rate', 'delay', 'jitter', 'loss'] as const

export type Field =
  | 'options'
  | 'prefix'
  | 'times'
  | 'value'
  | 'neighbor'
  | 'for'
  | (typeof impairments)[number]
export const fields: readonly Field[] = [
  ...(['options', 'prefix', 'times', 'value', 'neighbor', 'for'] satisfies Field[]),
  ...impairments,
]

const asks = (needs: readonly Field[] = [], takes: readonly Field[] = []): Asks => ({ needs, takes })

const daemon = {
  kill: asks([], ['for']),
  stop: asks([], ['for']),
  restart: asks(),
  reconfigure: asks(['options']),
}

/** By kind of target and action. */
export const happenings: Readonly<Record<TargetKind, Readonly<Partial<Record<ActionName, Asks>>>>> = {
  link: { down: asks([], ['for']), up: asks(), impair: asks([], [...impairments, 'for']) },
  node: { restart: asks() },
  session: { reset: asks(), down: asks([], ['for']) },
  router: {
    withdraw: asks(['prefix'], ['for']),
    announce: asks(['prefix'], ['for']),
    prepend: asks(['times'], ['neighbor', 'for']),
    'local-preference': asks(['value'], ['neighbor', 'for']),
  },
  probe: daemon,
  collector: daemon,
  exports: { drop: asks([], ['for']) },
}
