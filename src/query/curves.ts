// From the parts and changes that a statement of series.ts gives to curves: a number an interval.

/** 100 ms or more: 1, 2 or 5 times a power of ten. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 100)))
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= Math.max(least, 100)) ?? 100
}

/** A row of `spread` or `arrivals`. */
export interface Part {
  readonly place: number
  readonly bucket: number | bigint
  readonly packets: number
  readonly bytes: number
  readonly flows: number
  readonly dPackets?: number
  readonly dBytes?: number
  readonly dFlows?: number
}

export interface Curve {
  readonly packets: number[]
  readonly bytes: number[]
  readonly flows: number[]
}

/** Parts and changes added up into a curve a place. */
export function curvesOf(parts: readonly Part[], places: number, count: number): Curve[] {
  const zeros = () => Array.from({ length: count }, () => 0)
  const all = Array.from({ length: places }, () => ({
    ...{ packets: zeros(), bytes: zeros(), flows: zeros() },
    ...{ dPackets: zeros(), dBytes: zeros(), dFlows: zeros() },
  }))
  for (const part of parts) {
    const bucket = Number(part.bucket)
    const into = all[part.place]
    if (!into || bucket < 0 || bucket >= count) continue
    for (const name of ['packets', 'bytes', 'flows', 'dPackets', 'dBytes', 'dFlows'] as const)
      into[name][bucket] = (into[name][bucket] ?? 0) + (part[name] ?? 0)
  }
  const round = (value: number): number => Math.max(0, Math.round(value * 1000) / 1000)
  return all.map(({ dPackets, dBytes, dFlows, packets, bytes, flows }) => {
    const withChanges = (values: readonly number[], changes: readonly number[]): number[] => {
      let level = 0
      return values.map((value, index) => round(value + (level += changes[index] ?? 0)))
    }
    return {
      packets: withChanges(packets, dPackets),
      bytes: withChanges(bytes, dBytes),
      flows: withChanges(flows, dFlows),
    }
  })
}
