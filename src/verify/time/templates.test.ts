import { expect, test } from 'vitest'
import type { Exports } from '../../replay/exports.ts'
import { templatesOf } from './templates.ts'

type TemplateEvent = Exports['templates'][number]

const event = (
  what: TemplateEvent['what'],
  templateId: number,
  seconds: number,
  number: number,
): TemplateEvent =>
  ({
    ...{ type: 'template', what, templateId, layout: undefined, offset: 0 },
    message: { seconds, nanoseconds: 0, number, sourceAddress: '192.0.2.1', sourcePort: 9, domain: 0 },
  }) as unknown as TemplateEvent

const whole = { datagrams: 40, till: 30_500 }

test('the longest time between two sendings counts, and the template that is sent least', () => {
  expect(
    templatesOf(
      [
        event('new', 1024, 10, 1),
        event('new', 1025, 10, 1),
        event('refreshed', 1024, 14, 17),
        event('refreshed', 1025, 14, 17),
        event('refreshed', 1024, 20, 35),
      ],
      whole,
    ),
  ).toEqual({ count: 2, datagrams: 40, lasted: 20_500, sent: 2, apart: { datagrams: 18, ms: 6_000 } })
})

test('records without their template are no sending', () => {
  expect(templatesOf([event('unknown', 256, 10, 1)], whole)).toBeUndefined()
  expect(templatesOf([event('new', 256, 10, 3), event('unknown', 257, 11, 4)], whole)).toEqual({
    ...{ count: 1, datagrams: 40, lasted: 20_500, sent: 1, apart: undefined },
  })
})
