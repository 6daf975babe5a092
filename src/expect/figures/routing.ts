// Figures of whether attributes are right, and how soon after an event.

import type { Figure } from '../figure.ts'

const digits = new Intl.NumberFormat('en-US')

export const routingFigures: readonly Figure[] = [
  {
    name: 'wrong attributes',
    units: ['share', 'count'],
    takes: ['of'],
    places: ['probe', 'collector'],
    says: 'Attributes of rows and flow records (AS numbers, paths, next hops, flags, times …) that are not what the routers’ tables and the wire say.',
    example: 'wrong attributes is 0',
    better: 'less',
    read: ({ attributes }, { of }, unit) =>
      attributes.each
        .filter((each) => each.checked > 0 && (!of || each.of.split(/[ /]/)[0] === of.name))
        .map(({ of: where, attribute, checked, wrong }) => ({
          where: `${attribute} of ${where}`,
          value: unit === 'count' ? wrong : wrong / checked,
          detail: `${digits.format(wrong)} of ${digits.format(checked)}`,
          trials: { hits: wrong, of: checked },
        })),
  },
  {
    name: 'following',
    units: ['duration'],
    takes: ['of', 'over'],
    places: ['probe', 'collector'],
    says: 'Time from an event’s begin or end until a probe or collector had been told of the routes that the router then had.',
    example: 'following of main over failover within 1 s',
    better: 'less',
    read: ({ events }, { of, over }) =>
      events
        .filter(({ name }) => over === undefined || name === over)
        .flatMap(({ name, followed }) =>
          followed
            .filter(({ daemon }) => !of || daemon === `${of.kind} ${of.name}`)
            .map(({ daemon, of: phase, after }) => ({
              where: `${daemon}, ${phase} of ${name}`,
              value: after,
            })),
        ),
  },
  {
    name: 'settling',
    units: ['duration'],
    takes: ['over'],
    says: 'Time from an event’s end (its begin, where it has none) until the routes had come to rest.',
    example: 'settling over failover within 5 s',
    better: 'less',
    read: ({ events }, { over }) =>
      events
        .filter(({ name }) => over === undefined || name === over)
        .flatMap(({ name, begin, end, settled }) =>
          settled === undefined ? [] : [{ where: name, value: Math.max(0, settled - (end ?? begin)) }],
        ),
  },
]
