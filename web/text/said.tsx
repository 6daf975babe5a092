// What the server says, in the page's language: sentences of verdicts, remedies, words of filters. Code stands between backticks. Where
// there is no translation the English stands, and says so to screen readers.

import { use } from 'react'
import { useSettings } from '../settings.ts'
import { translator } from './sentences.ts'

/** The words that the catalogue of causes has for each. */
export type CauseWords = 'knownBy' | 'remedy' | 'test'

interface Spoken {
  readonly sentence: (text: string) => string | undefined
  readonly cause: (id: string, words: CauseWords) => string | undefined
}

const english: Spoken = { sentence: (text) => text, cause: () => undefined }

const loading = new Map<string, Promise<Spoken>>()

/** Waits until the language is there, which React's Suspense shows. */
function useSpoken(): Spoken {
  const { language } = useSettings()
  if (language === 'en') return english
  let spoken = loading.get(language)
  if (!spoken) {
    spoken = import('./japanese.ts').then(({ sentences, causes }) => ({
      sentence: translator(sentences),
      cause: (id, words) => causes[id]?.[words],
    }))
    loading.set(language, spoken)
  }
  return use(spoken)
}

const withCode = (text: string) =>
  text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))

export function Said({ children }: { readonly children: string }) {
  const { sentence } = useSpoken()
  const told = sentence(children)
  return told === undefined ? <span lang="en">{withCode(children)}</span> : withCode(told)
}

/** Of a cause of the catalogue, whose English is given. */
export function SaidOfCause({
  id,
  words,
  children,
}: {
  readonly id: string
  readonly words: CauseWords
  readonly children: string
}) {
  const { cause } = useSpoken()
  const told = cause(id, words)
  return told === undefined ? <Said>{children}</Said> : withCode(told)
}

/** The same as a text, for drawings. */
export function useSay(): (text: string) => string {
  const { sentence } = useSpoken()
  return (text) => sentence(text) ?? text
}
