// The plan seen by its exports: a probe that exports to several collectors is as many exporters, each judged by itself.

import type { Plan, ProbePlan } from './plan.ts'

/** Each probe once for every collector that it exports to, which is then its `export`. */
export const exporters = ({ probes }: Pick<Plan, 'probes'>): ProbePlan[] =>
  probes.flatMap((probe) => [probe.export, ...(probe.copies ?? [])].map((way) => ({ ...probe, export: way })))

/** What evidence calls the exports of a probe to a collector: by the probe's name, and copies by the collector's too. */
export const exportName = ({ name, copies, export: way }: ProbePlan): string =>
  copies?.some(({ collector }) => collector === way.collector) ? `${name}-${way.collector}` : name
