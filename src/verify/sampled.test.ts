import { expect, test } from 'vitest'
import { isDisturbed } from './sampled.ts'

const quiet = {
  probe: { name: 'edge', node: 'r', process: 'softflowd-edge', options: {} },
  ...{ timeline: [], exits: [], logs: [], captures: [], wire: { closed: 2 } },
  exported: { errors: [], sequence: [], templates: [] },
} as unknown as Parameters<typeof isDisturbed>[0]

test('a capture that was not handed over whole is no sign of sampling', () => {
  const capture = { probe: 'edge', received: 880, processed: 435, dropped: 0 }
  expect(isDisturbed(quiet, 0)).toBe(false)
  expect(isDisturbed({ ...quiet, captures: [capture] }, 445)).toBe(true)
  expect(isDisturbed({ ...quiet, captures: [{ ...capture, processed: 877 }] }, 445)).toBe(false)
  expect(isDisturbed({ ...quiet, captures: [{ ...capture, processed: 880 }] }, 445)).toBe(false)
  expect(isDisturbed({ ...quiet, captures: [{ ...capture, probe: 'core' }] }, 445)).toBe(false)
  expect(isDisturbed({ ...quiet, exported: { ...quiet.exported, errors: ['cut'] } }, 445)).toBe(true)
})

test('an end that was asked for, whatever its code, took no packets away', () => {
  const end = { node: 'r', process: 'softflowd-edge', code: 1 }
  expect(isDisturbed({ ...quiet, exits: [{ ...end, at: 3 }] }, 445)).toBe(false)
  expect(isDisturbed({ ...quiet, exits: [{ ...end, at: 1 }] }, 445)).toBe(true)
  expect(isDisturbed({ ...quiet, exits: [{ ...end, code: 139, at: 3 }] }, 445)).toBe(true)
})
