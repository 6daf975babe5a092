import { expect, test } from 'vitest'
import { milliseconds } from '../kernel/units.ts'
import { WaitError, within } from './wait.ts'

test('what hangs is waited for until the deadline, and what comes is passed on', async () => {
  await expect(within('start of r2', new Promise(() => {}), milliseconds(20))).rejects.toThrow(
    new WaitError('start of r2', 'no answer came', milliseconds(20)),
  )
  await expect(within('start of r2', Promise.resolve(7), milliseconds(60_000))).resolves.toBe(7)
  await expect(
    within('start of r2', Promise.reject(new Error('refused')), milliseconds(60_000)),
  ).rejects.toThrow('refused')
})
