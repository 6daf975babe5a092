// What a translated cause has: the words of the catalogue (src/verify/causes), and a digest of the English that was translated, by which
// test/page/words.test.ts knows when that has changed.

export interface TranslatedCause {
  readonly of: string
  readonly knownBy: string
  readonly remedy: string
  readonly test: string
}

export type TranslatedCauses = Readonly<Record<string, TranslatedCause>>
