// Values of variables that are no mappings and no lists.

export type Scalar = string | number | boolean

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** Text as YAML would read it without quotes: whole numbers, true and false are such. */
export const scalarOf = (text: string): Scalar => {
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(text)) return Number(text)
  return text === 'true' || text === 'false' ? text === 'true' : text
}
