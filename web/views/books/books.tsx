// The verdict: in one sentence, then the account of each observation point (account.tsx), the findings (finding.tsx), what was meant to be
// (purpose.tsx), and all else that was compared.

import type { Books as BooksAnswer } from '../../../src/server/api/books.ts'
import { useApi } from '../../api.ts'
import type { RunView } from '../../app.tsx'
import { Answered, Command, Panel, SameCommand } from '../../parts/basics.tsx'
import { useText } from '../../text/text.ts'
import { Account, Flows } from './account.tsx'
import { Attributes, Generators, ProbeTables, Stages, Times, Transport } from './checks.tsx'
import { Found } from './finding.tsx'
import { Events, Expectations } from './purpose.tsx'
import { Sampling } from './sampling.tsx'
import { sentenceOf } from './sentence.ts'

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
          <Command>{`flowlab verify ${overview.quoted}`}</Command>
        </div>
      ) : (
        <Answered asked={asked}>
          {(books) => (
            <>
              {overview.state === 'unjudged' && (
                <div className="note">
                  <p>{t.books.judgedNow}</p>
                  <Command>{`flowlab verify ${overview.quoted}`}</Command>
                </div>
              )}
              <Judged run={run} books={books} directory={overview.quoted} />
            </>
          )}
        </Answered>
      )}
    </>
  )
}

function Judged({
  run,
  books: { verdict, causes },
  directory,
}: {
  readonly run: string
  readonly books: BooksAnswer
  /** As a shell reads it. */
  readonly directory: string
}) {
  const t = useText()
  const { findings, expectations, events, sampling, attributes, time, tables, transport, traffic } = verdict
  return (
    <>
      <p className={verdict.pass ? 'sentence' : 'sentence wrong-text'}>{sentenceOf(verdict, t)}</p>
      {expectations.length > 0 && <Expectations verdict={verdict} />}
      {verdict.books.length > 0 && <Account verdict={verdict} />}
      {findings.length > 0 && (
        <Panel title={t.books.findings}>
          <ol className="findings">
            {findings.map((finding) => (
              <Found key={finding.id} {...{ run, finding, causes, directory }} />
            ))}
          </ol>
        </Panel>
      )}
      {events.length > 0 && <Events verdict={verdict} />}
      {sampling.map((section) => (
        <Sampling key={`${section.probe} ${section.point}`} section={section} />
      ))}
      {verdict.flows.length > 0 && <Flows run={run} verdict={verdict} />}
      {attributes.each.length > 0 && <Attributes verdict={verdict} />}
      {time.length > 0 && <Times verdict={verdict} />}
      <div className="columns">
        {transport.length > 0 && <Transport verdict={verdict} />}
        {tables.length > 0 && <ProbeTables verdict={verdict} />}
        {traffic.length > 0 && <Generators verdict={verdict} />}
        {verdict.run.stages.length > 0 && <Stages verdict={verdict} />}
      </div>
      <SameCommand>{`flowlab verify ${directory}`}</SameCommand>
    </>
  )
}
