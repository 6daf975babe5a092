// What is shown, as a file: a chart as SVG or PNG with the colours that it has on the page, numbers as CSV (RFC 4180).

/** Properties that the page's style sheets give to drawings. */
const drawn = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'visibility',
  'display',
] as const

/** The drawing by itself: style sheets are not with it, so each element says how it looks. */
function alone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const copies = copy.querySelectorAll<SVGElement>('*')
  svg.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const style = getComputedStyle(element)
    const twin = copies[index]!
    twin.removeAttribute('style')
    for (const property of drawn) twin.setAttribute(property, style.getPropertyValue(property))
  })
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  const { x, y, width, height } = svg.viewBox.baseVal
  const surface = getComputedStyle(svg.closest('.panel') ?? document.documentElement).backgroundColor
  for (const [name, value] of Object.entries({ x, y, width, height, fill: surface }))
    ground.setAttribute(name, String(value))
  copy.prepend(ground)
  const { width: w, height: h } = svg.getBoundingClientRect()
  copy.setAttribute('width', String(w))
  copy.setAttribute('height', String(h))
  return new XMLSerializer().serializeToString(copy)
}

export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

const svgBlob = (svg: SVGSVGElement): Blob => new Blob([alone(svg)], { type: 'image/svg+xml' })

export const saveSvg = (svg: SVGSVGElement, name: string): void => save(svgBlob(svg), `${name}.svg`)

/** Twice as fine as the page. */
export async function savePng(svg: SVGSVGElement, name: string): Promise<void> {
  const url = URL.createObjectURL(svgBlob(svg))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width * 2
    canvas.height = image.height * 2
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    if (blob) save(blob, `${name}.png`)
  } finally {
    URL.revokeObjectURL(url)
  }
}

export interface Sheet {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

const cell = (value: string | number): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const saveCsv = ({ columns, rows }: Sheet, name: string): void =>
  save(
    new Blob([[columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')], {
      type: 'text/csv',
    }),
    `${name}.csv`,
  )
