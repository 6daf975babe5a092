// The keys of `top`, for those who ask.

import { left, type Line, piece } from '../text.ts'

const help: readonly (readonly [string, string])[] = [
  ['b', 'by what flows are added up; Tab and arrows: the next one'],
  ['o, F6', 'by what the rows are ordered; < and >: the next one; r, I: the other way round'],
  ['u', 'bits a second and bytes, or packets'],
  ['/, f, F4', 'filter, such as: src 192.0.2.0/24 and proto udp; c: no filter'],
  ['Enter', 'only what the row speaks of that the arrows point at'],
  ['↑ ↓ PgUp PgDn', 'to other rows; j, k, g, G too'],
  ['p, Space, Z', 'pause'],
  ['n', 'findings and events, in full'],
  ['q, F10, ^C', 'quit'],
]

const meanings: readonly string[] = [
  "wire: the kernel's count at the observation points, since the books were opened",
  'exported, arrived: flow records at both ends of their way; collected: the collector’s table',
  'difference: what the wire has and the last of the others has not; while a lab runs it may still come',
  '! is a sign of a finding; the verdict says what is one',
]

export const helpLines = (): Line[] => [
  ...help.map(([key, what]) => [piece(` ${left(key, 15)}`, 'strong'), piece(what)]),
  [],
  ...meanings.map((text) => [piece(` ${text}`, 'dim')]),
]
