// What else the verdict compared: attributes of records and rows, tables of the probes, datagrams on their way, times, and what the
// generators say of themselves.

import type { AttributeCheck, Verdict } from '../../../src/verify/verdict.ts'
import type { TimeSection } from '../../../src/verify/time/section.ts'
import { Panel } from '../../parts/basics.tsx'
import { Head } from '../../parts/head.tsx'
import { Said } from '../../text/said.tsx'
import { useText } from '../../text/text.ts'
import { duration, exact, pair, percent } from '../../units.ts'

/** Checks of one kind on one line, whosever they are; what is wrong first. */
function kindsOf(checks: readonly AttributeCheck[]): AttributeCheck[][] {
  const kinds = new Map<string, AttributeCheck[]>()
  for (const check of checks) {
    const kind = [check.attribute, check.against, check.unchecked, check.aside?.why].join('\n')
    kinds.set(kind, [...(kinds.get(kind) ?? []), check])
  }
  return [...kinds.values()]
}

const sum = (checks: readonly AttributeCheck[], of: (check: AttributeCheck) => number): number =>
  checks.reduce((total, check) => total + of(check), 0)

export function Attributes({ verdict: { attributes } }: { readonly verdict: Verdict }) {
  const t = useText()
  return (
    <Panel title={t.books.attributes} bare>
      <table>
        <Head
          texts={[t.books.attribute, t.books.of, t.books.against]}
          numbers={[t.books.checked, t.books.wrong]}
        />
        <tbody>
          {kindsOf(attributes.each).map((checks, index) => {
            const { attribute, against, unchecked, aside } = checks[0]!
            const wrong = sum(checks, (check) => check.wrong)
            const missed = sum(checks, (check) => check.missed ?? 0)
            return (
              <tr key={index}>
                <th scope="row">
                  <Said>{attribute}</Said>
                </th>
                <td>{[...new Set(checks.map(({ of }) => of))].join(', ')}</td>
                <td>
                  <Said>{unchecked ?? against}</Said>
                  {aside && (
                    <div className="soft small">
                      {t.books.otherwise(exact(sum(checks, (check) => check.aside?.records ?? 0)))}:{' '}
                      <Said>{aside.why}</Said>
                    </div>
                  )}
                  {missed > 0 && unchecked === undefined && (
                    <div className="soft small">{t.books.missed(exact(missed))}</div>
                  )}
                </td>
                <td className="number">
                  {unchecked === undefined ? exact(sum(checks, ({ checked }) => checked)) : '–'}
                </td>
                <td className={wrong > 0 ? 'number wrong-text' : 'number'}>
                  {unchecked === undefined ? exact(wrong) : '–'}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}

export function ProbeTables({ verdict: { tables } }: { readonly verdict: Verdict }) {
  const t = useText()
  return (
    <Panel title={t.books.probeTables} note={t.books.pairs} bare>
      <table>
        <Head texts={[t.books.table, t.explore.filter]} numbers={[t.stages.wire, t.books.held]} />
        <tbody>
          {tables.map(({ probe, table, filter, wire, held, checked, unchecked }) => {
            const isEqual = wire.packets === held.packets && wire.bytes === held.bytes
            return (
              <tr key={`${probe} ${table}`}>
                <th scope="row">
                  {probe}/{table}
                </th>
                <td className="mono wrap">{filter || '–'}</td>
                <td className="number">{pair(wire)}</td>
                <td className={`number ${isEqual || !checked ? '' : 'wrong-text'}`}>
                  {pair(held)}
                  {unchecked !== undefined && (
                    <div className="soft small">
                      {t.books.notCompared}: <Said>{unchecked}</Said>
                    </div>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}

export function Transport({ verdict: { transport, pass } }: { readonly verdict: Verdict }) {
  const t = useText()
  return (
    <Panel title={t.books.transport} note={t.books.pairs} bare>
      <table>
        <Head texts={[t.books.way]} numbers={[t.books.left, t.books.arrived, t.books.socketDrops]} />
        <tbody>
          {transport.map(({ probe, collector, left, arrived, socketDrops }) => (
            <tr key={`${probe} ${collector}`}>
              <th scope="row">
                {probe} → {collector}
              </th>
              <td className="number">{pair(left)}</td>
              <td
                className={`number ${left.packets === arrived.packets ? '' : pass ? 'explained' : 'wrong-text'}`}
              >
                {pair(arrived)}
              </td>
              <td className={socketDrops > 0 ? 'number wrong-text' : 'number'}>{exact(socketDrops)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

export function Generators({ verdict: { traffic } }: { readonly verdict: Verdict }) {
  const t = useText()
  return (
    <Panel title={t.books.generators} note={t.books.generatorsNote} bare>
      <table>
        <Head texts={[t.books.flow]} numbers={[t.books.sent, t.books.received, t.stages.wire]} />
        <tbody>
          {traffic.map(({ flow, sent, received, wire }, index) => (
            <tr key={index}>
              <th scope="row">{flow}</th>
              {[sent, received, wire].map((volume, column) => (
                <td key={column} className="number">
                  {volume ? pair(volume) : '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

export function Times({ verdict: { time } }: { readonly verdict: Verdict }) {
  const t = useText()
  const s = t.books.times
  return (
    <Panel title={s.title} note={s.note} bare>
      <table>
        <Head
          texts={[t.books.way]}
          numbers={[
            s.arrived,
            s.visible,
            s.records,
            s.active,
            s.inactive,
            <abbr key="templates" title={s.templatesMeaning}>
              {s.templates}
            </abbr>,
            <abbr key="misplaced" title={s.misplacedMeaning}>
              {s.misplaced}
            </abbr>,
          ]}
        />
        <tbody>
          {time.map((section) => (
            <TimeRow key={`${section.probe} ${section.collector}`} section={section} />
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function TimeRow({ section }: { readonly section: TimeSection }) {
  const t = useText()
  const s = t.books.times
  const { probe, collector, visibility, timeouts, templates, misplaced } = section
  return (
    <tr>
      <th scope="row">
        {probe} → {collector}
      </th>
      {[visibility.arrived, visibility.visible].map((delay, column) => (
        <td key={column} className="number">
          {delay ? (
            <>
              {duration(delay.median)} <span className="soft">({duration(delay.worst)})</span>
            </>
          ) : (
            '–'
          )}
        </td>
      ))}
      <td className="number">
        {exact(visibility.records)} + {exact(visibility.flushed)}
      </td>
      {[timeouts.active, timeouts.inactive].map(({ asked, longest, over }, column) => (
        <td key={column} className="number">
          {duration(longest)}{' '}
          <span className={over > 0 ? 'wrong-text' : 'soft'}>
            ({asked === undefined ? s.notSet : duration(asked)}
            {over > 0 && `, ${s.over(exact(over))}`})
          </span>
        </td>
      ))}
      <td className="number">
        {templates?.apart
          ? `${exact(templates.apart.datagrams)} · ${duration(templates.apart.ms)}`
          : templates
            ? s.once(exact(templates.datagrams), duration(templates.lasted))
            : '–'}
      </td>
      <td className="number">
        {misplaced.map(({ interval, spread, arrival }) => (
          <div key={interval}>
            {interval} s: {spread === undefined ? '–' : percent(spread)} /{' '}
            {arrival === undefined ? '–' : percent(arrival)}
          </div>
        ))}
        {misplaced.length === 0 && '–'}
      </td>
    </tr>
  )
}

export function Stages({ verdict: { run } }: { readonly verdict: Verdict }) {
  const t = useText()
  const longest = Math.max(1, ...run.stages.map(({ ms }) => ms))
  return (
    <Panel title={t.books.took} bare>
      <table className="took">
        <tbody>
          {run.stages.map(({ name, ms }) => (
            <tr key={name}>
              <th scope="row">{t.books.runStages[name as keyof typeof t.books.runStages] ?? name}</th>
              <td className="number">{duration(ms)}</td>
              <td className="bar" aria-hidden="true">
                <div style={{ width: `${(ms / longest) * 100}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
