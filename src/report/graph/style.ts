// How the picture looks, light and dark. Only what renderers without a browser know too.

/** Of ASes, in turn: box, its edge, its name; the same in the dark. */
const tints = [
  ['#f1f5fb', '#b4c6e0', '#46648f', '#172131', '#3a5275', '#a3bde3'],
  ['#fbf4ec', '#e3c9a6', '#8f6427', '#2a2117', '#6b5333', '#e0bf92'],
  ['#eef7f2', '#a9d3bd', '#2f7553', '#15271f', '#335f4b', '#94d3b4'],
  ['#f6f1fa', '#cdb6df', '#70499a', '#231a2d', '#57406d', '#cdafe8'],
  ['#fdf0f0', '#e5b7b7', '#9c4545', '#2c1a1a', '#6d4040', '#e8aeae'],
  ['#eef6f8', '#a8cfd9', '#2c6f80', '#14262b', '#325c68', '#93cfdd'],
] as const

export const systems = tints.length

type Rule = readonly [selector: string, declarations: string]

const tinted = (dark: boolean): Rule[] =>
  tints.flatMap((colours, index): Rule[] => {
    const [box, edge, name] = colours.slice(dark ? 3 : 0)
    return [
      [`.as${index} rect`, `fill: ${box}; stroke: ${edge}`],
      [`.as${index} text`, `fill: ${name}`],
      [`.of${index}`, `stroke: ${name}`],
    ]
  })

const light: readonly Rule[] = [
  ['text', 'font-size: 10px; fill: #56657c'],
  ['.back', 'fill: #fff'],
  ['.as rect', 'stroke-width: 1'],
  ['.as text', 'font-weight: 600; font-size: 12px'],
  ...tinted(false),
  ['.node', 'fill: #fff; stroke-width: 1.5'],
  ['.none', 'stroke: #6d7b91'],
  ['.name', 'fill: #16202f; font-weight: 600; font-size: 13px'],
  ['.link', 'stroke: #8a97ab; stroke-width: 1.75; fill: none'],
  ['.impaired', 'stroke-dasharray: 7 4'],
  [
    '.end',
    'fill: #46546b; paint-order: stroke; stroke: #fff; stroke-width: 3px; stroke-linejoin: round; stroke-opacity: .85',
  ],
  ['.address', 'fill: #6d7b91'],
  ['.probe', 'fill: #d9480f; stroke: #fff; stroke-width: 1.5'],
  [
    '.probe-name',
    'fill: #c2410c; font-weight: 600; paint-order: stroke; stroke: #fff; stroke-width: 3px; stroke-linejoin: round',
  ],
  ['.export', 'fill: none; stroke: #d9480f; stroke-width: 1.5; stroke-dasharray: 1 4; stroke-linecap: round'],
  ['.head', 'fill: #d9480f'],
  ['.collector', 'fill: #e6f0fb; stroke: #2b6cb0; stroke-width: 1.25'],
  ['.collector-name', 'fill: #2b6cb0; font-weight: 600'],
]

const dark: readonly Rule[] = [
  ['text', 'fill: #a5b3c8'],
  ['.back', 'fill: #11151c'],
  ...tinted(true),
  ['.node', 'fill: #1c2431'],
  ['.none', 'stroke: #8997ad'],
  ['.name', 'fill: #e8eef7'],
  ['.link', 'stroke: #66748b'],
  ['.end', 'fill: #c2cede; stroke: #11151c'],
  ['.address', 'fill: #93a2b9'],
  ['.probe', 'fill: #ff922b; stroke: #11151c'],
  ['.probe-name', 'fill: #ffa94d; stroke: #11151c'],
  ['.export', 'stroke: #ff922b'],
  ['.head', 'fill: #ff922b'],
  ['.collector', 'fill: #1d2f47; stroke: #74b9ff'],
  ['.collector-name', 'fill: #74b9ff'],
]

/** `within`: a selector before each, for a picture that stands in a page. */
export function styleWithin(within: string): string {
  const written = (rules: readonly Rule[]): string =>
    rules
      .map(
        ([selector, declarations]) => `${[within, selector].filter(Boolean).join(' ')} { ${declarations} }`,
      )
      .join('\n')
  return `\n${written(light)}\n@media (prefers-color-scheme: dark) {\n${written(dark)}\n}`
}
