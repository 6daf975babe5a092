// Random choices that repeat: every one follows from the run's seed and the name of what is chosen, so that adding a flow to
// a lab does not change the others'.

/** A fraction in [0, 1) for `name` under `seed`: FNV-1a over the text, then mixed (Murmur3's finaliser). */
export function fraction(seed: number, name: string): number {
  let hash = 0x811c9dc5
  for (const char of `${seed}/${name}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
