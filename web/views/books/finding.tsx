// A finding with its evidence, each piece of it down to the octets or lines that show it, its remedy, and what else it could be.

import { Fragment } from 'react'
import type { Books as BooksAnswer, Evidence as EvidenceAnswer } from '../../../src/server/api/books.ts'
import type { EvidenceItem, Finding } from '../../../src/verify/verdict.ts'
import { useApi } from '../../api.ts'
import { useQuery } from '../../location.ts'
import { Answered, Command, Scroll } from '../../parts/basics.tsx'
import { Head } from '../../parts/head.tsx'
import { Said, SaidOfCause } from '../../text/said.tsx'
import { useText } from '../../text/text.ts'
import { clock, exact, pair } from '../../units.ts'

export function Found({
  run,
  finding,
  causes,
  directory,
}: {
  readonly run: string
  readonly directory: string
  readonly finding: Finding
  readonly causes: BooksAnswer['causes']
}) {
  const t = useText()
  const cause = causes[finding.cause]
  return (
    <li id={finding.id} className="finding">
      <h3>
        <span className={finding.allowed === undefined ? 'badge wrong' : 'badge'}>
          {t.books.stageNames[finding.stage]}
        </span>{' '}
        <code>{finding.cause}</code>{' '}
        <span className="soft">
          {finding.probe} → {finding.collector}, {finding.point}
        </span>
      </h3>
      <p className="summary">
        <Said>{finding.summary}</Said>
      </p>
      <dl className="facts">
        <dt>{finding.packets < 0 ? t.books.tooMuch : t.books.lost}</dt>
        <dd>
          {exact(Math.abs(finding.packets))} {t.packets}, {exact(Math.abs(finding.bytes))} {t.bytes},{' '}
          {exact(finding.flows)} {t.flows}
        </dd>
        {finding.score !== undefined && (
          <>
            <dt>{t.books.score}</dt>
            <dd>{finding.score.toFixed(2)}</dd>
          </>
        )}
        {cause && (
          <>
            <dt>{t.books.knownBy}</dt>
            <dd>
              <SaidOfCause id={finding.cause} words="knownBy">
                {cause.knownBy}
              </SaidOfCause>
            </dd>
          </>
        )}
        {finding.allowed !== undefined && (
          <>
            <dt>{t.books.allowed}</dt>
            <dd className="mono">{finding.allowed}</dd>
          </>
        )}
        <dt>{t.books.remedy}</dt>
        <dd>
          {cause?.remedy === finding.remedy ? (
            <SaidOfCause id={finding.cause} words="remedy">
              {finding.remedy}
            </SaidOfCause>
          ) : (
            <Said>{finding.remedy}</Said>
          )}
        </dd>
      </dl>
      <h4>{t.books.evidence}</h4>
      <ol className="evidence">
        {finding.evidence.map((item, index) => (
          <Evidence key={index} run={run} item={item} name={`${finding.id}.${index}`} />
        ))}
      </ol>
      {finding.fit.length > 0 && <Fit finding={finding} />}
      {finding.alternatives.length > 0 && (
        <details>
          <summary>{t.books.alternatives}</summary>
          <dl className="facts">
            {finding.alternatives.map((other) => (
              <Fragment key={other.cause}>
                <dt>
                  <code>{other.cause}</code> {other.score.toFixed(2)}
                </dt>
                <dd>
                  <SaidOfCause id={other.cause} words="test">
                    {other.test}
                  </SaidOfCause>
                </dd>
              </Fragment>
            ))}
          </dl>
        </details>
      )}
      <Command>{`flowlab explain ${directory} ${finding.id}`}</Command>
    </li>
  )
}

function Fit({ finding }: { readonly finding: Finding }) {
  const t = useText()
  return (
    <details>
      <summary>{t.books.fit}</summary>
      <Scroll>
        <table>
          <Head
            texts={[t.books.source, t.books.destination]}
            numbers={[t.books.before, t.books.predicted, t.books.found]}
          />
          <tbody>
            {finding.fit.map((flow, index) => (
              <tr key={index}>
                <td className="mono">{flow.source}</td>
                <td className="mono">
                  {flow.destination} {flow.key}
                </td>
                {[flow.before, flow.predicted, flow.found].map((volume, column) => (
                  <td key={column} className="number">
                    {pair(volume)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  )
}

/** A piece of evidence; which one is laid open stands in the address. */
function Evidence({
  run,
  item,
  name,
}: {
  readonly run: string
  readonly item: EvidenceItem
  readonly name: string
}) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const open = query['evidence'] === name
  const where =
    'frame' in item ? { frame: String(item.frame) } : 'line' in item ? { line: String(item.line) } : undefined
  return (
    <li>
      <p>
        {item.at !== undefined && <span className="mono soft">{clock(item.at)} </span>}
        <Said>{item.text}</Said>
      </p>
      <p className="soft small">
        <span className="mono">{item.file}</span>
        {'frame' in item && `, ${t.books.frame} ${item.frame}, ${t.books.offset} ${item.offset}`}
        {'line' in item && `, ${t.books.line} ${item.line}`}{' '}
        {where && (
          <button type="button" aria-expanded={open} onClick={() => setQuery({ evidence: open ? '' : name })}>
            {open ? t.close : 'frame' in item ? t.books.dissect : t.books.show}
          </button>
        )}
      </p>
      {open && where && <Laid run={run} file={item.file} where={where} />}
    </li>
  )
}

function Laid({
  run,
  file,
  where,
}: {
  readonly run: string
  readonly file: string
  readonly where: { readonly frame?: string; readonly line?: string }
}) {
  const t = useText()
  const asked = useApi('/api/runs/:run/evidence', { run }, { file, ...where })
  return (
    <Answered asked={asked}>
      {({ lines, command }) => (
        <>
          <Scroll className="dissected">
            <table>
              <caption className="hidden">{file}</caption>
              <thead className="hidden">
                <tr>
                  <th scope="col">{t.books.offset}</th>
                  <th scope="col">{t.books.field}</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line, index) => (
                  <tr key={index} className={line.marked ? 'marked' : ''}>
                    <td className="number soft">{line.offset ?? ''}</td>
                    <td>{withoutOffset(line)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          <Command>{command}</Command>
        </>
      )}
    </Answered>
  )
}

/** The offset has a column of its own. */
const withoutOffset = ({ offset, text }: EvidenceAnswer['lines'][number]): string =>
  offset === null ? text : text.replace(new RegExp(`^(\\s*)${offset} `), '$1')
