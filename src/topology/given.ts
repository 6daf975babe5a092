// Small words with which a checked lab file is resolved.

/** `{ [key]: value }`, or nothing of it: an absent field is absent, never undefined. */
export const given = <const Key extends string, T>(key: Key, value: T | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: T }

/** What check.ts has made sure of. */
export function never(missing: string): never {
  throw new TypeError(`a checked lab file has ${missing}`)
}
