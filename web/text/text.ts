// The page's words in the language in use. English says which keys there are; a language that lacks one does not compile.

import { type Language, useSettings } from '../settings.ts'
import { type Dictionary, en } from './en.ts'
import { ja } from './ja.ts'

export const dictionaries: Readonly<Record<Language, Dictionary>> = { en, ja }

export const useText = (): Dictionary => dictionaries[useSettings().language]
