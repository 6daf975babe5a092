// docs/records.md: the words of filters, the columns and the keys, from their tables.
import { columns, keys, shapeOf, witnesses } from '../../src/query/columns.ts'
import { words } from '../../src/query/words.ts'

const line = (...cells: readonly string[]): string =>
  `| ${cells.map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`
const whose = (of: readonly string[]): string =>
  witnesses.filter((witness) => of.includes(shapeOf(witness))).join(', ')

export const records = (): string =>
  [
    '<!-- Written by `npm run docs` from src/query. -->',
    '# Flow records',
    '',
    '`flowlab records RUN` and the page’s table ask the same: whose records (`--witness wire`, `exported`, `arrived` or `collected`), which of',
    'them (`--filter`), added up by which keys (`--group`), in which order (`--sort`).',
    '',
    '## Filter words',
    '',
    'Words are joined with `and`, `or`, `not` and parentheses. Numbers are compared with `=`, `!=`, `<`, `<=`, `>`, `>=` and may end in `k`, `M`, `G` or `T`;',
    '`port in [53, 123]` is any of these. What a record does not say fulfils no comparison.',
    '',
    line('word', 'about', 'example', 'of'),
    line('---', '---', '---', '---'),
    ...Object.entries(words).map(([word, { about, example, of }]) =>
      line(`\`${word}\``, about, `\`${example}\``, whose(of)),
    ),
    '',
    '## Keys',
    '',
    line('key', 'about'),
    line('---', '---'),
    ...Object.entries(keys).map(([name, { about }]) => line(`\`${name}\``, about)),
    '',
    '## Columns',
    '',
    line('column', 'about', 'of'),
    line('---', '---', '---'),
    ...Object.entries(columns).map(([name, { about, of }]) => line(`\`${name}\``, about, whose(of))),
    '',
  ].join('\n')
