// What has happened in the lab, the last first, and what can be done with it on the command line.

import type { Overview } from '../../../src/server/api/runs.ts'
import type { Live } from '../../live.ts'
import { Command, Panel } from '../../parts/basics.tsx'
import { Said } from '../../text/said.tsx'
import { useText } from '../../text/text.ts'
import { clock } from '../../units.ts'

export function Happened({ overview, live }: { readonly overview: Overview; readonly live: Live }) {
  const t = useText()
  const entries = live.timeline.length > 0 ? live.timeline : overview.timeline
  return (
    <Panel title={t.map.events} note={t.map.hint}>
      {overview.found.length > 0 && (
        <ul className="found">
          {overview.found.map((finding) => (
            <li key={finding.id} className="wrong-text">
              ✘ <Said>{finding.summary}</Said>
            </li>
          ))}
        </ul>
      )}
      <table className="happened">
        <tbody>
          {[...entries].reverse().map((entry, index) => (
            <tr key={index}>
              <td className="mono soft">{clock(entry.at)}</td>
              <td>
                <Said>
                  {`${entry.event === undefined ? '' : `${entry.event}: `}${entry.target} ${entry.what}`}
                </Said>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {overview.commands.map(({ what, command }) => (
        <Command key={command} label={<Said>{what}</Said>}>
          {command}
        </Command>
      ))}
    </Panel>
  )
}
