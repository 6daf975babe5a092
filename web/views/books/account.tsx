// The account of each observation point, stage by stage, with what lies between two stages; and the flows under it.

import { Fragment } from 'react'
import type { Witness } from '../../../src/server/api/values.ts'
import type { Book, FlowComparison, Verdict } from '../../../src/verify/verdict.ts'
import { pathOf, withQuery } from '../../location.ts'
import { Link, Panel, Stage, witnesses } from '../../parts/basics.tsx'
import { Downloads } from '../../parts/downloads.tsx'
import { Head } from '../../parts/head.tsx'
import { Said } from '../../text/said.tsx'
import { useText } from '../../text/text.ts'
import { exact, pair, signed } from '../../units.ts'

/** A difference that is as it must be: the price of an event, allowed by an expectation, or sampled. */
const mustBe = ({ pass, sampling }: Verdict, { probe, point }: Book, stage: Witness): boolean =>
  pass ||
  (stage === 'exported' &&
    sampling.some((each) => each.probe === probe && each.point === point && each.asItMustBe))

export function Account({ verdict }: { readonly verdict: Verdict }) {
  const t = useText()
  const sheet = () => ({
    columns: [
      'point',
      'direction',
      'probe',
      'collector',
      'table',
      ...witnesses.flatMap((stage) => [`${stage}_packets`, `${stage}_bytes`]),
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
                  <th scope="col" className="number delta">
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
                    {index > 0 && (
                      <Difference
                        of={book[witnesses[index - 1]!][what] - book[stage][what]}
                        isExplained={mustBe(verdict, book, stage)}
                      />
                    )}
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

const Difference = ({ of, isExplained }: { readonly of: number; readonly isExplained: boolean }) => (
  <td className={`number delta ${of === 0 ? 'soft' : isExplained ? 'explained' : 'wrong-text'}`}>
    {of === 0 ? '=' : signed(-of)}
  </td>
)

function Beside({ book: { notMetered, exports } }: { readonly book: Book }) {
  const t = useText()
  if (notMetered.length === 0 && !exports) return null
  const amount = ({ packets, bytes }: { readonly packets: number; readonly bytes: number }): string =>
    `${exact(packets)} ${t.packets}, ${exact(bytes)} ${t.bytes}`
  return (
    <details className="small soft">
      <summary>{t.books.beside}</summary>
      {notMetered.map((each) => (
        <div key={each.reason}>
          {amount(each)}: <Said>{each.reason}</Said>
        </div>
      ))}
      {exports && (
        <div>
          {amount(exports)}: {t.books.ownExports}
        </div>
      )}
    </details>
  )
}

const mostFlows = 50

export function Flows({ run, verdict }: { readonly run: string; readonly verdict: Verdict }) {
  const t = useText()
  return (
    <Panel title={t.books.flowsTitle} note={t.books.flowsNote} bare>
      <table>
        <Head
          texts={[t.books.point, t.books.source, t.books.destination]}
          numbers={witnesses.map((stage) => <Stage key={stage} of={stage} />)}
        />
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
                <FlowCell key={stage} {...{ verdict, flow, stage }} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

/** Sampled, and as wrong as sampling must be. */
const isSampled = ({ sampling }: Verdict, { point, source, destination }: FlowComparison): boolean =>
  sampling.some(
    (each) =>
      each.point === point &&
      !each.doubtful.some((flow) => flow.source === source && flow.destination === destination),
  )

function FlowCell({
  verdict,
  flow,
  stage,
}: {
  readonly verdict: Verdict
  readonly flow: FlowComparison
  readonly stage: Witness
}) {
  const isEqual = flow[stage].packets === flow.wire.packets && flow[stage].bytes === flow.wire.bytes
  const isExplained = verdict.pass || isSampled(verdict, flow)
  return (
    <td className={`number ${isEqual ? '' : isExplained ? 'explained' : 'wrong-text'}`}>
      {!isEqual && isExplained && '≈ '}
      {pair(flow[stage])}
    </td>
  )
}
