// What was meant to be: the lab file's expectations with what was found of each, and its events with what they cost.

import type { EventReport, Verdict } from '../../../src/verify/verdict.ts'
import { Panel } from '../../parts/basics.tsx'
import { Said } from '../../text/said.tsx'
import { useText } from '../../text/text.ts'
import { duration, exact } from '../../units.ts'

const mostPlaces = 3

export function Expectations({ verdict: { expectations } }: { readonly verdict: Verdict }) {
  const t = useText()
  return (
    <Panel title={t.books.expectations} bare>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">{t.books.holdsOrNot}</span>
            </th>
            <th scope="col">{t.books.expected}</th>
            <th scope="col">{t.books.foundInstead}</th>
            <th scope="col">{t.books.where}</th>
          </tr>
        </thead>
        <tbody>
          {expectations.map(({ text, at, holds, found, where }) => (
            <tr key={at + text}>
              <td className={holds ? 'sign' : 'sign wrong-text'}>
                <span role="img" aria-label={holds ? t.books.doesHold : t.books.doesNotHold}>
                  {holds ? '✔' : '✘'}
                </span>
              </td>
              <th scope="row" className="mono wrap">
                {text}
                {!holds && <div className="soft small">{at}</div>}
              </th>
              <td>
                <Said>{found}</Said>
              </td>
              <td className="soft">
                {where.slice(0, mostPlaces).map((place, index) => (
                  <div key={index}>
                    <Said>{place}</Said>
                  </div>
                ))}
                {where.length > mostPlaces && <div>{t.more(exact(where.length - mostPlaces))}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

export function Events({ verdict: { events, run } }: { readonly verdict: Verdict }) {
  const t = useText()
  return (
    <Panel title={t.books.events} note={t.books.eventsNote} bare>
      <table>
        <thead>
          <tr>
            <th scope="col" className="number">
              {t.books.after}
            </th>
            <th scope="col">{t.books.event}</th>
            <th scope="col">{t.books.what}</th>
            <th scope="col" className="number">
              {t.books.lasted}
            </th>
            <th scope="col" className="number">
              {t.books.atRest}
            </th>
            <th scope="col">{t.books.followed}</th>
            <th scope="col">{t.books.booked}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Event key={`${event.begin} ${event.name}`} event={event} opened={run.opened} />
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Event({ event, opened }: { readonly event: EventReport; readonly opened: number }) {
  const t = useText()
  const { name, action, target, begin, end, settled, expected, followed, booked } = event
  return (
    <tr>
      <td className="number">{duration(begin - opened)}</td>
      <th scope="row">{name}</th>
      <td>
        <Said>{`${target} ${action}`}</Said>
        {!expected && <div className="wrong-text">{t.books.notExpected}</div>}
      </td>
      <td className="number">{end === undefined ? '–' : duration(end - begin)}</td>
      <td className="number">
        {settled === undefined ? '–' : duration(Math.max(0, settled - (end ?? begin)))}
      </td>
      <td>
        {followed.map(({ daemon, of, after }, index) => (
          <div key={index}>
            <Said>{daemon}</Said>: {duration(after)}
            {of === 'end' && `, ${t.books.onceOver}`}
          </div>
        ))}
        {followed.length === 0 && '–'}
      </td>
      <td>
        {booked.map((each, index) => (
          <div key={index}>
            {t.books.stageNames[each.stage]}: {exact(each.packets)} {t.packets}, {exact(each.bytes)} {t.bytes}{' '}
            <span className="soft">
              {each.probe} → {each.collector}
              {each.table !== undefined && `/${each.table}`}
            </span>
          </div>
        ))}
        {booked.length === 0 && t.books.nothing}
      </td>
    </tr>
  )
}
