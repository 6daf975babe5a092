// The verdict: the account of each observation point stage by stage, the findings (finding.tsx), the flows that differ, the attributes
// that were compared.

import { Fragment } from 'react'
import type { Books as BooksAnswer } from '../../src/server/api/books.ts'
import type { Book, Verdict as VerdictValue } from '../../src/verify/verdict.ts'
import { useApi } from '../api.ts'
import type { RunView } from '../app.tsx'
import { pathOf, withQuery } from '../location.ts'
import { Answered, Command, Link, Panel, Stage, witnesses } from '../parts/basics.tsx'
import { Downloads } from '../parts/downloads.tsx'
import { useText } from '../text/text.ts'
import { duration, exact, signed } from '../units.ts'
import { Found } from './finding.tsx'

export default function Books({ run, overview, live }: RunView) {
  const t = useText()
  const isLive = overview.live && !live.ended
  const asked = useApi('/api/runs/:run/books', { run }, {}, { wait: isLive, refresh: live.turns })
  return (
    <>
      <h1>{t.books.title}</h1>
      {isLive ? (
        <div className="note">
          <p>{t.books.unjudged}</p>
          <Command>{`flowlab verify ${overview.directory}`}</Command>
        </div>
      ) : (
        <Answered asked={asked}>{(books) => <Judged run={run} books={books} />}</Answered>
      )}
    </>
  )
}

function Judged({ run, books: { verdict, causes } }: { readonly run: string; readonly books: BooksAnswer }) {
  const t = useText()
  const stages = [...new Set(verdict.findings.map(({ stage }) => t.books.stageNames[stage]))].join(', ')
  return (
    <>
      <p className={verdict.pass ? 'sentence' : 'sentence wrong-text'}>
        {verdict.pass ? `✔ ${t.books.holds}` : `✘ ${t.books.fails(verdict.findings.length, stages)}`}
      </p>
      <Account verdict={verdict} />
      {verdict.findings.length > 0 && (
        <Panel title={t.books.findings}>
          <ol className="findings">
            {verdict.findings.map((finding) => (
              <Found key={finding.id} {...{ run, finding, causes }} directory={verdict.run.directory} />
            ))}
          </ol>
        </Panel>
      )}
      <Flows run={run} verdict={verdict} />
      <div className="columns">
        <Attributes verdict={verdict} />
        <Panel title={t.books.took} bare>
          <table>
            <tbody>
              {verdict.run.stages.map(({ name, ms }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="number">{duration(ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      </div>
      <Command label={t.command}>{`flowlab verify ${verdict.run.directory}`}</Command>
    </>
  )
}

/** The account: what each stage has, and between two stages what is missing (+) or too much (−). */
function Account({ verdict }: { readonly verdict: VerdictValue }) {
  const t = useText()
  const sheet = () => ({
    columns: [
      'point',
      'direction',
      'probe',
      'collector',
      'table',
      ...witnesses.flatMap((stage) => [`${stage} packets`, `${stage} bytes`]),
    ],
    rows: verdict.books.map((book) => [
      book.point,
      book.direction,
      book.probe,
      book.collector,
      book.table,
      ...witnesses.flatMap((stage) => [book[stage].packets, book[stage].bytes]),
    ]),
  })
  return (
    <Panel
      title={t.books.account}
      note={t.books.accountNote}
      tools={<Downloads name={`${verdict.lab}-books`} sheet={sheet} />}
      bare
    >
      <table className="account">
        <thead>
          <tr>
            <th scope="col">{t.books.point}</th>
            <th scope="col">{t.books.way}</th>
            <th scope="col">
              <span className="hidden">{t.books.unit}</span>
            </th>
            {witnesses.map((stage, index) => (
              <Fragment key={stage}>
                {index > 0 && (
                  <th scope="col" className="number">
                    <abbr title={t.difference}>Δ</abbr>
                  </th>
                )}
                <th scope="col" className="number">
                  <Stage of={stage} />
                </th>
              </Fragment>
            ))}
          </tr>
        </thead>
        {verdict.books.map((book) => (
          <tbody key={`${book.point} ${book.direction} ${book.probe} ${book.collector} ${book.table}`}>
            {(['packets', 'bytes'] as const).map((what, row) => (
              <tr key={what}>
                {row === 0 && (
                  <>
                    <th scope="rowgroup" rowSpan={2}>
                      <span className="mono">{book.point}</span> {t.direction[book.direction]}
                    </th>
                    <td rowSpan={2}>
                      {book.probe} → {book.collector}/{book.table}
                      <Beside book={book} />
                    </td>
                  </>
                )}
                <td className="soft">{t[what]}</td>
                {witnesses.map((stage, index) => (
                  <Fragment key={stage}>
                    {index > 0 && <Difference of={book[witnesses[index - 1]!][what] - book[stage][what]} />}
                    <td className="number">{exact(book[stage][what])}</td>
                  </Fragment>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </Panel>
  )
}

const Difference = ({ of }: { readonly of: number }) => (
  <td className={of === 0 ? 'number delta soft' : 'number delta wrong-text'}>
    {of === 0 ? '=' : signed(-of)}
  </td>
)

function Beside({ book }: { readonly book: Book }) {
  const t = useText()
  if (book.notMetered.length === 0) return null
  return (
    <details className="small soft">
      <summary>{t.books.beside}</summary>
      {book.notMetered.map(({ reason, packets, bytes }) => (
        <div key={reason}>
          {exact(packets)} {t.packets}, {exact(bytes)} {t.bytes}: {reason}
        </div>
      ))}
    </details>
  )
}

const mostFlows = 50

function Flows({ run, verdict }: { readonly run: string; readonly verdict: VerdictValue }) {
  const t = useText()
  return (
    <Panel title={t.books.flowsTitle} note={t.books.flowsNote} bare>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.books.point}</th>
            <th scope="col">{t.books.source}</th>
            <th scope="col">{t.books.destination}</th>
            {witnesses.map((stage) => (
              <th key={stage} scope="col" className="number">
                <Stage of={stage} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {verdict.flows.slice(0, mostFlows).map((flow, index) => (
            <tr key={index}>
              <td>
                <span className="mono">{flow.point}</span> {t.direction[flow.direction]}
              </td>
              {[flow.source, flow.destination].map((address) => (
                <td key={address} className="mono">
                  <Link href={withQuery(pathOf(run, 'explore'), { filter: `host ${address}` })}>
                    {address}
                  </Link>
                </td>
              ))}
              {witnesses.map((stage) => (
                <td
                  key={stage}
                  className={
                    flow[stage].packets === flow.wire.packets && flow[stage].bytes === flow.wire.bytes
                      ? 'number'
                      : 'number wrong-text'
                  }
                >
                  {exact(flow[stage].packets)} / {exact(flow[stage].bytes)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Attributes({ verdict }: { readonly verdict: VerdictValue }) {
  const t = useText()
  return (
    <Panel title={t.books.attributes} bare>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.books.of}</th>
            <th scope="col">{t.books.attribute}</th>
            <th scope="col" className="number">
              {t.books.checked}
            </th>
            <th scope="col" className="number">
              {t.books.wrong}
            </th>
          </tr>
        </thead>
        <tbody>
          {verdict.attributes.each.map((check) => (
            <tr
              key={`${check.of} ${check.attribute} ${check.against}`}
              title={check.unchecked ?? check.against}
            >
              <th scope="row">{check.of}</th>
              <td className="mono">{check.attribute}</td>
              <td className="number">{check.unchecked === undefined ? exact(check.checked) : '–'}</td>
              <td className={check.wrong > 0 ? 'number wrong-text' : 'number'}>{exact(check.wrong)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
