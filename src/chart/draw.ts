// A chart as a picture and as numbers, from its RRD files. Titles and labels of others go to RRDtool as arguments of their own, so
// that no quote or line feed in them means anything; colons are escaped, as rrdgraph_graph(1) has it.

import { archivesOf, type Definition, stepOf, units } from './definition.ts'
import { RrdError, rrdtool, seriesIn, total } from './rrd.ts'

export interface Span {
  /** As `AT-STYLE TIME SPECIFICATION` of rrdfetch(1) has it, such as -1h, or seconds since 1970. */
  readonly from: string
  readonly to: string
}

export interface Numbers {
  readonly labels: readonly string[]
  /** Seconds since 1970 (the end of each step), and a value for each label; null where it is unknown. */
  readonly rows: readonly (readonly [at: number, values: readonly (number | null)[]])[]
}

const palette = [
  ...['#4269d0', '#efb118', '#ff725c', '#6cc5b0', '#3ca951'],
  ...['#ff8ab7', '#a463f2', '#97bbf5', '#9c6b4e', '#9498a0'],
]
const rest = '#c8c8c8'
/** What RRDtool calls the parts of a picture that are no series. */
const paper = {
  light: {
    ...{ BACK: '#ffffff', CANVAS: '#ffffff', FRAME: '#ffffff', FONT: '#222222' },
    ...{ GRID: '#0000001a', MGRID: '#00000030', ARROW: '#888888' },
  },
  dark: {
    ...{ BACK: '#1b1e24', CANVAS: '#1b1e24', FRAME: '#1b1e24', FONT: '#e8e9ec' },
    ...{ GRID: '#ffffff1a', MGRID: '#ffffff30', ARROW: '#888888' },
  },
} as const
const gap = { light: '#eeeeee', dark: '#2b2f38' } as const

/** Each series as it is drawn: 0 where the collector answered and knew nothing of it, unknown where it did not answer. */
const definitionsOf = (files: readonly string[], by: string): string[] => [
  `DEF:all=${total}.rrd:value:${by}`,
  ...files.flatMap((file, index) => [
    `DEF:raw${index}=${file}:value:${by}`,
    `CDEF:s${index}=all,UN,UNKN,raw${index},UN,0,raw${index},IF,IF`,
  ]),
]

interface Exported {
  readonly meta: { readonly start: number; readonly step: number }
  readonly data: readonly (readonly (number | null)[])[]
}

/** The function of which there is an archive for certain. */
const functionOf = (definition: Definition): string =>
  archivesOf(definition).find(({ by }) => by === 'AVERAGE')?.by ?? archivesOf(definition)[0]?.by ?? 'AVERAGE'

/** All series and `total`, of a span, at the chart's step or at a longer one (`step`, in seconds). Throws RrdError. */
export async function numbers(
  directory: string,
  definition: Definition,
  { from, to }: Span,
  step = stepOf(definition),
): Promise<Numbers> {
  const series = await seriesIn(directory)
  const files = [...series.keys()]
  const said = await rrdtool(
    [
      ...['xport', '--json', '--start', from, '--end', to, '--step', String(step), '--maxrows', '100000'],
      ...definitionsOf(files, functionOf(definition)),
      'XPORT:all:total',
      ...files.map((_, index) => `XPORT:s${index}:s${index}`),
    ],
    { cwd: directory },
  ).catch(noneYet)
  const { meta, data } = JSON.parse(said.toString()) as Exported
  return {
    labels: ['total', ...series.values()],
    rows: data.map((values, index) => [meta.start + index * meta.step, values] as const),
  }
}

/** A series that is drawn by itself: its column of the numbers. */
export interface Drawn {
  readonly column: number
  readonly label: string
  readonly colour: string
}

/** The largest series of a span, and whether there is more than these. */
export function drawnOf(
  { labels, rows }: Numbers,
  definition: Definition,
): { readonly shown: readonly Drawn[]; readonly hasRest: boolean } {
  const sum = (column: number): number => rows.reduce((added, [, values]) => added + (values[column] ?? 0), 0)
  const ranked = labels
    .map((label, column) => ({ column, label, volume: column === 0 ? 0 : sum(column) }))
    .filter(({ volume }) => volume > 0)
    .sort((a, b) => b.volume - a.volume || a.label.localeCompare(b.label))
  const shown = ranked
    .slice(0, definition.most)
    .map(({ column, label }, index) => ({ column, label, colour: colourOf(definition, index) }))
  const known = ranked.reduce((added, { volume }) => added + volume, 0)
  return { shown, hasRest: ranked.length > shown.length || sum(0) > known * 1.001 }
}

export interface Picture extends Span {
  readonly format: 'png' | 'svg'
  /** In pixels, of the plot itself. */
  readonly width: number
  readonly height: number
  readonly isDark?: boolean
}

/** A file of the format. Throws RrdError. */
export async function render(directory: string, definition: Definition, picture: Picture): Promise<Buffer> {
  const files = [...(await seriesIn(directory)).keys()]
  const { shown, hasRest } = drawnOf(await numbers(directory, definition, picture), definition)
  const drawn = [
    ...shown.map(({ label, colour }, index) => ({ of: `s${index}`, label, colour })),
    ...(hasRest ? [{ of: 'other', label: 'other', colour: rest }] : []),
  ]
  const width = Math.max(8, ...drawn.map(({ label }) => label.length))
  return rrdtool(
    [
      ...[
        'graph',
        '-',
        '--imgformat',
        picture.format.toUpperCase(),
        '--start',
        picture.from,
        '--end',
        picture.to,
      ],
      ...['--width', String(picture.width), '--height', String(picture.height), '--lower-limit', '0'],
      ...[
        '--title',
        plain(definition.title || definition.name),
        '--vertical-label',
        units[definition.unit].label,
      ],
      ...[
        '--border',
        '0',
        '--font',
        'DEFAULT:9:DejaVu Sans',
        '--font',
        'LEGEND:9:DejaVu Sans Mono',
        '--watermark',
        '',
      ],
      ...Object.entries(paper[picture.isDark ? 'dark' : 'light']).flatMap(([part, colour]) => [
        '--color',
        `${part}${colour}`,
      ]),
      ...definitionsOf(
        shown.map(({ column }) => files[column - 1] ?? ''),
        functionOf(definition),
      ),
      `CDEF:other=${['all', ...shown.map((_, index) => `s${index},-`)].join(',')},0,MAX`,
      // Where nobody answered the picture is grey, not 0.
      'CDEF:gap=all,UN,INF,UNKN,IF',
      `AREA:gap${gap[picture.isDark ? 'dark' : 'light']}`,
      `COMMENT:${' '.repeat(width + 4)}      now      mean   maximum\\l`,
      ...drawn.flatMap(({ of, label, colour }, index) => [
        definition.style === 'stack'
          ? `AREA:${of}${colour}:${escaped(label, width)}${index > 0 ? ':STACK' : ''}`
          : `LINE1.5:${of}${colour}:${escaped(label, width)}`,
        `GPRINT:${of}:LAST:%7.2lf%s`,
        `GPRINT:${of}:AVERAGE:%7.2lf%s`,
        `GPRINT:${of}:MAX:%7.2lf%s\\l`,
      ]),
    ],
    { cwd: directory },
  ).catch(noneYet)
}

function noneYet(error: NodeJS.ErrnoException): never {
  if (/ENOENT|No such file/.test(error.message) && !(error instanceof RrdError && error.isMissing))
    throw new RrdError('there are no numbers of this chart yet: `flowlab chart poll` brings them')
  throw error
}

const colourOf = ({ colours }: Definition, index: number): string =>
  colours[index] ?? palette[index % palette.length] ?? rest

const plain = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ')

/** A legend's text, to its width: a backslash would begin a command of RRDtool's. */
const escaped = (label: string, width: number): string =>
  plain(label).padEnd(width).replaceAll('\\', '∖').replaceAll(':', '\\:')

/** Times as ISO 8601; what is unknown is empty. */
export function csv({ labels, rows }: Numbers): string {
  const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [
    ['time', ...labels].map(quoted).join(','),
    ...rows.map(([at, values]) =>
      [new Date(at * 1000).toISOString(), ...values.map((value) => value ?? '')].join(','),
    ),
    '',
  ].join('\n')
}
