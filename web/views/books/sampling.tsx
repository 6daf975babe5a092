// How a probe samples: what was sampled and what it stands for, whether it is as wrong as sampling must be, and the error that each
// rate would give for this traffic.

import type { SamplingSection } from '../../../src/verify/sampling/section.ts'
import { Panel, Scroll } from '../../parts/basics.tsx'
import { Head } from '../../parts/head.tsx'
import { useText } from '../../text/text.ts'
import { exact, percent } from '../../units.ts'

const off = (part: number, whole: number): string => (whole === 0 ? '–' : percent(Math.abs(part) / whole))

export function Sampling({ section }: { readonly section: SamplingSection }) {
  const t = useText()
  const s = t.books.sampling
  const { probe, point, rate, method, announced, observed, wire, sampled, estimate, margin } = section
  return (
    <Panel title={`${s.title}: ${probe}, 1:${rate}`} note={point}>
      <p className={section.asItMustBe ? '' : 'wrong-text'}>
        {section.asItMustBe
          ? `✔ ${s.asItMustBe(percent(section.confidence), exact(section.tests))}`
          : `✘ ${s.beyond(exact(section.doubtful.length), exact(section.flows), percent(section.confidence))}`}
      </p>
      <dl className="facts">
        <dt>{s.method}</dt>
        <dd>{s.methods[method]}</dd>
        <dt>{s.announced}</dt>
        <dd>
          {announced.map(({ rate: said, source, records }, index) => (
            <div key={index}>
              {said === undefined ? s.notAnnounced : `1:${said}`}
              {source !== undefined && `, ${s.sources[source]}`}, {exact(records)} {t.explore.records}
            </div>
          ))}
          {announced.length === 0 && '–'}
        </dd>
        {observed && (
          <>
            <dt>{s.observed}</dt>
            <dd>
              1:{observed.rate.toFixed(1)}{' '}
              <span className="soft">
                (1:{observed.low.toFixed(1)} – 1:{observed.high.toFixed(1)})
              </span>
            </dd>
          </>
        )}
        <dt>{s.counters}</dt>
        <dd>{s.counted[section.counters]}</dd>
      </dl>
      <Scroll>
        <table className="sampling">
          <Head
            texts={[
              <span key="unit" className="hidden">
                {t.books.unit}
              </span>,
            ]}
            numbers={[s.wire, s.sampled, s.estimate, s.off, s.chance]}
          />
          <tbody>
            {(['packets', 'bytes'] as const).map((what) => (
              <tr key={what}>
                <th scope="row">{t[what]}</th>
                <td className="number">{exact(wire[what])}</td>
                <td className="number">{exact(sampled[what])}</td>
                <td className="number">{exact(estimate[what])}</td>
                <td className="number">{off(estimate[what] - wire[what], wire[what])}</td>
                <td className="number">±{off(margin[what], wire[what])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <details>
        <summary>{s.errors}</summary>
        <Errors errors={section.errors} />
      </details>
    </Panel>
  )
}

function Errors({ errors }: Pick<SamplingSection, 'errors'>) {
  const t = useText()
  const s = t.books.sampling
  return (
    <Scroll>
      <table>
        <Head texts={[s.pairsOf]} numbers={[s.pairs, s.rate, s.largest, s.half, s.most, s.unseen]} />
        <tbody>
          {errors.map(({ level, keys, rate, largest, half, most, unseen }, index) => (
            <tr key={index}>
              <th scope="row">{s.levels[level as keyof typeof s.levels] ?? level}</th>
              <td className="number">{exact(keys)}</td>
              <td className="number">1:{rate}</td>
              {[largest, half, most].map((error, column) => (
                <td key={column} className="number">
                  {rate === 1 ? s.exact : `±${percent(error)}`}
                </td>
              ))}
              <td className="number">{percent(unseen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
