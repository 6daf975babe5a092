// The facts of a link: its state, what it carries in each direction, and how to look at its packets.

import type { LabMap } from '../../../src/server/api/map.ts'
import type { Condition } from '../../chart/map/drawn.ts'
import type { Live } from '../../live.ts'
import { pathOf, withQuery } from '../../location.ts'
import { Command, Link, Panel } from '../../parts/basics.tsx'
import { useText } from '../../text/text.ts'
import { short } from '../../units.ts'

export function LinkPanel({
  run,
  link,
  condition,
  live,
  directory,
  onClose,
}: {
  readonly run: string
  readonly link: LabMap['links'][number]
  readonly condition: Condition
  readonly live: Live
  /** Of the run, as a shell reads it. */
  readonly directory: string
  readonly onClose: () => void
}) {
  const t = useText()
  const isDown = link.ends.some((end) => condition.down.has(`${end.node}:${end.interface}`))
  return (
    <Panel
      title={`${t.map.link} ${link.ends.map(({ node }) => node).join(' – ')}`}
      tools={
        <button type="button" onClick={onClose}>
          {t.close}
        </button>
      }
    >
      <dl className="facts">
        <dt>{t.map.state}</dt>
        <dd className={isDown ? 'wrong-text' : ''}>{isDown ? `✕ ${t.map.down}` : t.map.up}</dd>
        {link.ends.map((end, index) => {
          const rate = live.rates?.interfaces.find(
            (each) => each.node === end.node && each.interface === end.interface,
          )
          const bits = rate?.outBits ?? condition.rates.get(`${end.node}:${end.interface}`)
          return (
            <div key={index} className="row">
              <dt>
                <span className="mono">
                  {end.node}:{end.interface}
                </span>{' '}
                →
              </dt>
              <dd>
                {bits === undefined ? '–' : short(bits, 'bit/s')}
                {rate && `, ${short(rate.outPackets, 'pps')}`}
              </dd>
            </div>
          )
        })}
      </dl>
      {link.ends.map((end, index) => (
        <Command key={index} label={t.map.capture}>
          {`flowlab capture --lab ${directory} ${end.node}:${end.interface} | tcpdump -n -r -`}
        </Command>
      ))}
      <p>
        <Link href={withQuery(pathOf(run, 'time'), { by: 'interface' })}>{t.map.overTime}</Link>
      </p>
    </Panel>
  )
}
