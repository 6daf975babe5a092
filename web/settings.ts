// What a person likes better, kept by the browser: light or dark, and the language. Without a choice the system's is taken.

import { useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

export interface Settings {
  readonly theme: Theme
  readonly language: Language
}

const kept = (key: string): string | null => {
  try {
    return window.localStorage.getItem(key)
  } catch {
    // A browser that keeps nothing: the choice lasts until the page is closed.
    return null
  }
}

const among = <T extends string>(values: readonly T[], value: string | null, otherwise: T): T =>
  values.find((each) => each === value) ?? otherwise

let settings: Settings = {
  theme: among(themes, kept('theme'), 'system'),
  language: among(languages, kept('language'), navigator.language.startsWith('ja') ? 'ja' : 'en'),
}

const listeners = new Set<() => void>()

function apply(): void {
  const root = document.documentElement
  root.lang = settings.language
  root.dataset['theme'] = settings.theme
}

export function choose(changes: Partial<Settings>): void {
  settings = { ...settings, ...changes }
  try {
    for (const [key, value] of Object.entries(changes)) window.localStorage.setItem(key, value)
  } catch {
    // As above.
  }
  apply()
  listeners.forEach((listener) => listener())
}

export const useSettings = (): Settings =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => settings,
  )

const darkSystem = window.matchMedia('(prefers-color-scheme: dark)')

/** Whether the page is dark now, by choice or by the system. */
export function useIsDark(): boolean {
  const { theme } = useSettings()
  const isSystemDark = useSyncExternalStore(
    (listener) => {
      darkSystem.addEventListener('change', listener)
      return () => darkSystem.removeEventListener('change', listener)
    },
    () => darkSystem.matches,
  )
  return theme === 'dark' || (theme === 'system' && isSystemDark)
}

apply()
