// docs/expectations.md: the language, and the table of figures.

import { alpha, leastDuration, leastFactor, leastShare } from '../../src/compare/compare.ts'
import { stageNames } from '../../src/expect/expectation.ts'
import { figures } from '../../src/expect/figures.ts'
import { code, document, origin, table } from './markdown.ts'

const unitNames = { share: '%', count: 'number', duration: 'ms, s, m', text: 'text' } as const

export function expectations(): string {
  return document(
    origin('src/expect'),
    '# Expectations',
    [
      'What a lab must yield, in the lab file. Each is checked when the file is read, names included, and is reported with what was',
      'found; `flowlab verify RUN` judges them again from the run directory.',
    ].join('\n'),
    [
      '```yaml',
      'expect:',
      '  - bytes within 0 %',
      '  - as-path of h32 is 65530 65533',
      '  - within 10 s of failover, peer-as of h32 is 65540',
      '  - bytes within 2 % over collector-restart',
      '  - sampling error of AS 65533 below 5 %',
      '  - visible within 5 s (median)',
      '  - no findings in transport',
      '  - finding exports-lost of edge allowed',
      '```',
    ].join('\n'),
    '## When a run passes',
    [
      'A run passes if **every expectation holds and no finding is left that none allows**. A lab without `expect` passes if it has no',
      'finding. A finding is allowed',
      '',
      '- by `finding CAUSE` (there must be one) and `finding CAUSE allowed` (there may be one), as far as `of`, `at` and `in` say;',
      '- by a percentage above 0 for `packets`, `bytes` or `loss`, if the finding is about amounts that are missing or too much, at the',
      '  probes, collectors and stages that the expectation speaks of, and its amount is within the percentage. `from`, `to` and `of` a',
      '  host or AS allow nothing: a finding is not known by host.',
      '',
      'Only an expectation that holds allows anything. Findings that are allowed stay in the report, with the expectation that allows',
      'them, and in `verdict.json` as `allowed`.',
    ].join('\n'),
    '## The language',
    [
      '```text',
      'expectation = [ within DURATION of [the end of] EVENT, ] claim',
      'claim       = no findings where | no finding CAUSE where | finding CAUSE where [allowed]',
      '            | FIGURE where [(median) | (worst)] test where',
      'where       = [of PLACE | from PLACE | to PLACE] [at POINT] [in STAGE] [over EVENT] [per DURATION]',
      'test        = within | at most | below | above | at least | is VALUE',
      '            | between VALUE and VALUE',
      '            | is | is not | includes TEXT [or TEXT …]',
      '```',
    ].join('\n'),
    [
      '- PLACE is a node, a probe or a collector by its name, or `AS NUMBER`; `probe edge` where a node is called `edge` too. `of` a node',
      '  or AS is what comes from it and what goes to it, each by itself.',
      '- `of` stands before the value: `loss of edge below 5 %`. The others may stand behind it.',
      `- POINT is an observation point such as \`r2:eth0\`, STAGE one of ${stageNames.join(', ')}, EVENT the \`name\` of an event, CAUSE`,
      '  [the name of a finding](findings.md).',
      '- VALUE is a percentage (`2 %`), a number (`1000`) or a duration (`500 ms`, `5 s`, `2 m`), as the figure has it. TEXT is AS numbers,',
      '  an address or `empty`.',
      '- A figure that has several values (each direction of each point, each row of a host) must pass with every one of them, and have',
      '  at least one. `is` of texts: every row of the table has one of these values; `includes`: some row has; `is not`: none has.',
      '- `within 10 s of EVENT, …` is for figures that are text. It holds if at some time between the begin of the event and 10 s after it',
      '  the rows of the host that grew in the collector’s table had the value. Tables are read four times a second or as often as',
      '  reading them allows, so a time is late by so much at the most; `within 10 s of the end of EVENT` counts from when it was undone.',
      '- `over EVENT`: what the whole run is short of, less what is booked to other events ([events](events.md)).',
    ].join('\n'),
    '## Figures',
    table(
      ['figure', 'unit', 'takes', 'what it is', 'such as'],
      figures.map(({ name, units, takes, places, says, example, statistics }) => [
        code(name),
        units.map((unit) => unitNames[unit]).join(' or '),
        [
          ...takes.map((each) => (each === 'of' ? `of ${(places ?? []).join(', ')}` : each)),
          ...(statistics ? ['(median), (worst); default: worst'] : []),
        ].join('; '),
        says,
        code(example),
      ]),
    ),
    '## For CI',
    [
      '`flowlab run` and `flowlab verify` exit with 0 if the run passes, 1 if not. `--format junit` prints JUnit XML: a test suite of the',
      'expectations and one of each probe’s exports to a collector, with a test case for each direction of its books and for each',
      'finding; an allowed finding is a skipped one. `--format markdown` prints a summary in GitHub’s flavour, `--format json` the',
      '[whole verdict](../schema/verdict.schema.json).',
    ].join('\n'),
    '## Comparing runs',
    [
      '`flowlab compare BEFORE AFTER` holds two run directories against each other, at the figures',
      `${figures.flatMap(({ name, better }) => (better ? [code(name)] : [])).join(', ')}: less is better. It exits with 1 if a figure got worse beyond noise, a finding is new that`,
      'no expectation allows, or an expectation that held does not hold. What noise is:',
      '',
      `- Of shares: Fisher’s exact test of how many of how many; all figures together err in ${alpha * 100} % of comparisons (Bonferroni). Where`,
      '  exports lost datagrams, these are counted rather than packets, since chance falls on them. What changes by less than',
      `  ${leastShare * 100} percentage points is the same.`,
      '- Of counts: how likely two equal runs share them so unequally (binomial), at the same level.',
      `- Of durations: the same up to a factor of ${leastFactor} and ${leastDuration} ms, and the time between two readings of the table.`,
      '- Of sampled packets and bytes, and of the sampling error: what sampling makes of so many packets in either run, at 99.9 %.',
      '',
      'Runs of labs of two names are compared, and that is said; so is what only one of the runs measured.',
      '',
      'Two runs are little to go by where few datagrams were sent: a loss of two in five is not beyond chance. Times of stages are shown',
      'and make nothing worse, since they depend on the machine.',
    ].join('\n'),
  )
}
