// What happens on purpose, when, and to what: one flat object, whose fields belong to the action (actions.ts).
import { z } from 'zod'
import { actions } from '../actions.ts'
import { impairment } from './impairment.ts'
import {
  text,
  choice,
  integer,
  name,
  duration,
  positiveDuration,
  onOff,
  optionValue,
  interfaceName,
  linkName,
  prefix,
  directive,
} from '../fields.ts'

const After = z
  .strictObject({
    event: name.describe('An event by its name: when it is over and its effect has settled.').optional(),
    point: interfaceName.describe('An observation point: when so many packets have crossed it.').optional(),
    packets: integer(1, 1_000_000_000, 'a number of packets').describe('With point: how many.').optional(),
  })
  .describe('What must have happened before; default: the start of traffic.')

export const Event = z
  .strictObject({
    name: name.describe('By which others and expectations refer to it.').optional(),
    at: duration
      .describe('When it happens, after the start of traffic, or after what `after` names.')
      .optional(),
    after: After.optional(),
    link: linkName
      .describe('The link: two nodes such as r2:x, an interface such as r2:eth0, or its two endpoints.')
      .optional(),
    node: name.describe('The node.').optional(),
    session: text(
      /^[a-z0-9][a-z0-9-]*:[a-z0-9][a-z0-9-]*$/,
      'a BGP session, router:neighbour',
      'Write such as r2:x.',
    )
      .describe('The BGP session of a router with a router, probe or collector, such as r2:x.')
      .optional(),
    router: name.describe('The router whose policy changes.').optional(),
    probe: name.describe('The probe.').optional(),
    collector: name.describe('The collector.').optional(),
    exports: name.describe('The probe whose exports are lost on their way.').optional(),
    action: choice(...actions).describe(
      'What happens to it. kill: SIGKILL, nothing is flushed; stop: the orderly end; restart: stop, and start at once; impair: of what crosses a link, what is not named stays as in links.',
    ),
    options: z
      .record(directive, optionValue.describe('The value of the directive.'))
      .describe('Of reconfigure: directives that change before the restart.')
      .optional(),
    prefix: prefix.describe('Of withdraw and announce: the prefix.').optional(),
    times: integer(1, 10, 'a number')
      .describe('Of prepend: how often its own AS stands before the path.')
      .optional(),
    value: integer(0, 4_294_967_295, 'a preference')
      .describe('Of local-preference: for routes from the neighbour.')
      .optional(),
    neighbor: name.describe('Of prepend and local-preference: only for this neighbouring router.').optional(),
    ...impairment,
    for: positiveDuration.describe('Until it is undone; default: it stays so.').optional(),
    expected: onOff
      .prefault('on')
      .describe('Whether the verdict books what it costs to it; off: it is a fault, and a finding.'),
  })
  .describe('Something that happens on purpose.')
