// What the server says, in the page's language: sentences of verdicts, remedies, words of filters. Code stands between backticks. Where
// there is no translation the English stands, and says so to screen readers.

import { useSettings } from '../settings.ts'

export function Said({ children }: { readonly children: string }) {
  const { language } = useSettings()
  const text = children
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))
  return language === 'en' ? text : <span lang="en">{text}</span>
}

/** The same as a text, for drawings. */
export function useSay(): (text: string) => string {
  return (text) => text
}
