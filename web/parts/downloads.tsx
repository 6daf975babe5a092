// The buttons that give what is shown as a file.

import { type RefObject, useState } from 'react'
import { saveCsv, savePng, saveSvg, type Sheet } from '../chart/picture.ts'
import { Scroll } from './basics.tsx'
import { Head } from './head.tsx'
import { useText } from '../text/text.ts'

export function Downloads({
  name,
  svg,
  sheet,
  links = {},
}: {
  /** Of the file, without what tells its kind. */
  readonly name: string
  readonly svg?: RefObject<SVGSVGElement | null>
  readonly sheet?: () => Sheet
  /** Files that the server makes: kind → address. */
  readonly links?: Readonly<Record<string, string>>
}) {
  const t = useText()
  const picture = (act: (svg: SVGSVGElement, name: string) => unknown) => () => {
    if (svg?.current) void act(svg.current, name)
  }
  return (
    <span className="group" role="group" aria-label={t.download}>
      {svg && (
        <>
          <button type="button" onClick={picture(savePng)}>
            PNG
          </button>
          <button type="button" onClick={picture(saveSvg)}>
            SVG
          </button>
        </>
      )}
      {sheet && (
        <button type="button" onClick={() => saveCsv(sheet(), name)}>
          CSV
        </button>
      )}
      {Object.entries(links).map(([kind, href]) => (
        <a key={kind} className="button" href={href} download>
          {kind}
        </a>
      ))}
    </span>
  )
}

/** The numbers of a chart, for those who read rather than look. */
export function AsTable({ sheet }: { readonly sheet: () => Sheet }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  return (
    <details className="as-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.asTable}</summary>
      {open && <SheetTable sheet={sheet()} />}
    </details>
  )
}

function SheetTable({ sheet: { columns, rows } }: { readonly sheet: Sheet }) {
  return (
    <Scroll>
      <table>
        <Head texts={columns.slice(0, 1)} numbers={columns.slice(1)} />
        <tbody>
          {rows.map(([first, ...rest], index) => (
            <tr key={index}>
              <th scope="row">{first}</th>
              {rest.map((value, column) => (
                <td key={column} className="number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
