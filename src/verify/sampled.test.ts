import { expect, test } from 'vitest'
import { isDisturbed } from './sampled.ts'

const quiet = {
  probe: { name: 'edge', node: 'r', process: 'softflowd-edge' },
  ...{ timeline: [], exits: [], logs: [], captures: [] },
  exported: { errors: [], sequence: [], templates: [] },
} as unknown as Parameters<typeof isDisturbed>[0]

test('a capture that was not handed over whole is no sign of sampling', () => {
  const capture = { probe: 'edge', received: 880, processed: 435, dropped: 0 }
  expect(isDisturbed(quiet)).toBe(false)
  expect(isDisturbed({ ...quiet, captures: [capture] })).toBe(true)
  expect(isDisturbed({ ...quiet, captures: [{ ...capture, processed: 880 }] })).toBe(false)
  expect(isDisturbed({ ...quiet, captures: [{ ...capture, probe: 'core' }] })).toBe(false)
  expect(isDisturbed({ ...quiet, exported: { ...quiet.exported, errors: ['cut'] } })).toBe(true)
})
