// What is looked at, and how keys change it: a function of the view and a key, and nothing else.

import { type KeyName, keys } from '../query/columns.ts'
import { type Order, orders } from '../query/comparison.ts'
import type { Question } from './look.ts'

export interface View extends Omit<Question, 'rows'> {
  readonly isPaused: boolean
  /** The row that is pointed at. */
  readonly cursor: number
  /** What is shown in place of the table. */
  readonly page: 'table' | 'news' | 'help'
  readonly menu?: Menu
  /** A filter that is being written. */
  readonly typing?: string
}

export interface Menu {
  readonly of: 'by' | 'order'
  readonly at: number
  /** How what is looked for begins. */
  readonly typed: string
}

export const keyNames = Object.keys(keys) as KeyName[]
export const optionsOf = { by: keyNames, order: orders } as const

export const firstView = (given: Partial<Omit<Question, 'rows'>>): View => ({
  ...{ by: 'host', order: 'rate', reverse: false, unit: 'bits', filter: '' },
  ...given,
  ...{ isPaused: false, cursor: 0, page: 'table' },
})

/** A key as `readline` tells it: its name (`up`, `return` …) or the character itself, `^c` with control. */
export type Pressed = string

export interface Around {
  /** Rows there are, and rows that are seen at once. */
  readonly total: number
  readonly page: number
  /** The value of the key in the row that is pointed at. */
  readonly key?: string
}

export type Act = View | 'quit' | 'suspend' | 'redraw'

const turned = <T>(options: readonly T[], value: T, by: number): T =>
  options[(options.indexOf(value) + by + options.length) % options.length] ?? value

const withBy = (view: View, by: KeyName): View => ({ ...view, by, cursor: 0 })
const withOrder = (view: View, order: Order): View => ({ ...view, order, reverse: false, cursor: 0 })

type Action = (view: View, around: Around) => Act

const moved =
  (by: (around: Around) => number): Action =>
  (view, around) => ({ ...view, cursor: Math.max(0, Math.min(around.total - 1, view.cursor + by(around))) })
const page =
  (name: View['page']): Action =>
  (view) => ({ ...view, page: view.page === name ? 'table' : name })

/** Of top, htop, iftop and vi, where they have one. */
const actions: Readonly<Record<Pressed, Action>> = {
  q: () => 'quit',
  f10: () => 'quit',
  '^c': () => 'quit',
  '^z': () => 'suspend',
  '^l': () => 'redraw',
  b: (view) => ({ ...view, menu: { of: 'by', at: keyNames.indexOf(view.by), typed: '' } }),
  right: (view) => withBy(view, turned(keyNames, view.by, 1)),
  tab: (view) => withBy(view, turned(keyNames, view.by, 1)),
  left: (view) => withBy(view, turned(keyNames, view.by, -1)),
  backtab: (view) => withBy(view, turned(keyNames, view.by, -1)),
  o: (view) => ({ ...view, menu: { of: 'order', at: orders.indexOf(view.order), typed: '' } }),
  f6: (view) => ({ ...view, menu: { of: 'order', at: orders.indexOf(view.order), typed: '' } }),
  '>': (view) => withOrder(view, turned(orders, view.order, 1)),
  '<': (view) => withOrder(view, turned(orders, view.order, -1)),
  r: (view) => ({ ...view, reverse: !view.reverse, cursor: 0 }),
  I: (view) => ({ ...view, reverse: !view.reverse, cursor: 0 }),
  u: (view) => ({ ...view, unit: view.unit === 'bits' ? 'packets' : 'bits' }),
  '/': (view) => ({ ...view, typing: view.filter }),
  '\\': (view) => ({ ...view, typing: view.filter }),
  f: (view) => ({ ...view, typing: view.filter }),
  f4: (view) => ({ ...view, typing: view.filter }),
  c: (view) => ({ ...view, filter: '', cursor: 0 }),
  return: (view, { key }) => narrowed(view, key),
  enter: (view, { key }) => narrowed(view, key),
  p: (view) => ({ ...view, isPaused: !view.isPaused }),
  P: (view) => ({ ...view, isPaused: !view.isPaused }),
  Z: (view) => ({ ...view, isPaused: !view.isPaused }),
  space: (view) => ({ ...view, isPaused: !view.isPaused }),
  n: page('news'),
  h: page('help'),
  '?': page('help'),
  f1: page('help'),
  escape: (view) => ({ ...view, page: 'table' }),
  up: moved(() => -1),
  k: moved(() => -1),
  down: moved(() => 1),
  j: moved(() => 1),
  pageup: moved((around) => -around.page),
  pagedown: moved((around) => around.page),
  home: moved(() => -Infinity),
  g: moved(() => -Infinity),
  end: moved((around) => around.total),
  G: moved((around) => around.total),
}

/** The words of a filter that select a value of a key; a path and a peer have none. */
const words: Readonly<Partial<Record<KeyName, string>>> = {
  ...{ source: 'src ip', destination: 'dst ip', host: 'ip', port: 'port', protocol: 'proto' },
  ...{
    sourcePort: 'src port',
    destinationPort: 'dst port',
    sourceAs: 'src as',
    destinationAs: 'dst as',
    as: 'as',
  },
  ...{ interface: 'point', exporter: 'probe', collector: 'collector', direction: 'direction' },
}

/** Only what the row that is pointed at speaks of. */
function narrowed(view: View, key: string | undefined): View {
  const word = words[view.by]
  if (word === undefined || key === undefined || !/^[\w.:-]+$/.test(key)) return view
  const term = `${word} ${key}`
  if (view.filter.includes(term)) return view
  return { ...view, filter: view.filter.trim() === '' ? term : `(${view.filter}) and ${term}`, cursor: 0 }
}

export function act(view: View, pressed: Pressed, around: Around): Act {
  if (pressed === '^c') return 'quit'
  if (pressed === '^z') return 'suspend'
  if (view.typing !== undefined) return typed({ ...view, typing: view.typing }, pressed)
  if (view.menu) return chosen({ ...view, menu: view.menu }, pressed)
  return Object.hasOwn(actions, pressed) ? (actions[pressed]?.(view, around) ?? view) : view
}

const longest = 4_000

function typed({ typing, ...view }: View & { typing: string }, pressed: Pressed): View {
  if (pressed === 'return' || pressed === 'enter') return { ...view, filter: typing.trim(), cursor: 0 }
  if (pressed === 'escape') return view
  if (pressed === 'backspace') return { ...view, typing: typing.slice(0, -1) }
  if (pressed === '^u') return { ...view, typing: '' }
  if (pressed === '^w') return { ...view, typing: typing.replace(/\S*\s*$/, '') }
  const character = pressed === 'space' ? ' ' : pressed
  return /^[\x20-\x7e]$/.test(character) && typing.length < longest
    ? { ...view, typing: typing + character }
    : { ...view, typing }
}

function chosen({ menu, ...view }: View & { menu: Menu }, pressed: Pressed): View {
  const options: readonly string[] = optionsOf[menu.of]
  const at = (place: number, text = ''): View => ({
    ...view,
    menu: { of: menu.of, at: (place + options.length) % options.length, typed: text },
  })
  switch (pressed) {
    case 'up':
    case 'backtab':
      return at(menu.at - 1)
    case 'down':
    case 'tab':
      return at(menu.at + 1)
    case 'home':
      return at(0)
    case 'end':
      return at(-1)
    case 'return':
    case 'enter':
      return menu.of === 'by'
        ? withBy(view, keyNames[menu.at] ?? view.by)
        : withOrder(view, orders[menu.at] ?? view.order)
    case 'escape':
      return view
    default:
  }
  const text = [menu.typed + pressed, pressed].find((each) =>
    options.some((option) => option.toLowerCase().startsWith(each.toLowerCase())),
  )
  return text === undefined
    ? { ...view, menu }
    : at(
        options.findIndex((option) => option.toLowerCase().startsWith(text.toLowerCase())),
        text,
      )
}
