// Checks a value against a JSON schema (draft 2020-12), as far as containerlab's goes; a keyword that is not known here throws,
// so that nothing passes for want of looking.

type Schema = boolean | Readonly<Record<string, unknown>>

const isObject = (found: unknown): found is Readonly<Record<string, unknown>> =>
  typeof found === 'object' && found !== null && !Array.isArray(found)

const types: Readonly<Record<string, (found: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (found) => typeof found === 'string',
  number: (found) => typeof found === 'number',
  integer: (found) => Number.isInteger(found),
  boolean: (found) => typeof found === 'boolean',
  null: (found) => found === null,
}

const annotations = new Set([
  ...['$id', '$schema', 'title', 'description', 'markdownDescription', 'definitions', 'default', 'examples'],
  ...[
    'deprecated',
    'deprecationMessage',
    'format',
    'then',
    'else',
    '$comment',
    'defaultSnippets',
    'additionalItems',
  ],
])

/** What is wrong, each with its path; empty where nothing is. */
export function mistakes(root: Schema, schema: Schema, found: unknown, path = ''): string[] {
  if (typeof schema === 'boolean') return schema ? [] : [`${path}: not allowed`]
  const holds = (inner: unknown): boolean => mistakes(root, inner as Schema, found, path).length === 0
  const list = (value: unknown): unknown[] => value as unknown[]
  const known = isObject(schema['properties']) ? schema['properties'] : {}
  const patterns = isObject(schema['patternProperties']) ? Object.entries(schema['patternProperties']) : []
  const entries = isObject(found) ? Object.entries(found) : []
  const wrong = (is: boolean, what: string): string[] => (is ? [`${path || '/'}: ${what}`] : [])
  const size = Array.isArray(found) ? found.length : undefined
  const checks: Readonly<Record<string, (value: unknown) => string[]>> = {
    $ref: (value) => {
      const at = String(value).replace('#/', '').split('/')
      const target = at.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), root)
      return mistakes(root, target as Schema, found, path)
    },
    type: (value) =>
      wrong(![value].flat().some((each) => types[String(each)]?.(found)), `is no ${String(value)}`),
    enum: (value) => wrong(!list(value).includes(found), `is none of ${list(value).join(', ')}`),
    const: (value) => wrong(found !== value, `is not ${String(value)}`),
    pattern: (value) =>
      wrong(
        typeof found === 'string' && !new RegExp(String(value)).test(found),
        `does not match ${String(value)}`,
      ),
    minimum: (value) => wrong(typeof found === 'number' && found < Number(value), 'too small'),
    maximum: (value) => wrong(typeof found === 'number' && found > Number(value), 'too large'),
    minLength: (value) => wrong(typeof found === 'string' && found.length < Number(value), 'too short'),
    minItems: (value) => wrong(size !== undefined && size < Number(value), 'too few'),
    maxItems: (value) => wrong(size !== undefined && size > Number(value), 'too many'),
    minProperties: (value) => wrong(isObject(found) && entries.length < Number(value), 'too few'),
    uniqueItems: () =>
      wrong(
        Array.isArray(found) && new Set(found.map((each) => JSON.stringify(each))).size !== size,
        'not unique',
      ),
    required: (value) =>
      list(value).flatMap((key) =>
        wrong(isObject(found) && !(String(key) in found), `has no ${String(key)}`),
      ),
    properties: (value) =>
      entries.flatMap(([key, inner]) =>
        isObject(value) && key in value ? mistakes(root, value[key] as Schema, inner, `${path}/${key}`) : [],
      ),
    patternProperties: () =>
      entries.flatMap(([key, inner]) =>
        patterns
          .filter(([pattern]) => new RegExp(pattern).test(key))
          .flatMap(([, each]) => mistakes(root, each as Schema, inner, `${path}/${key}`)),
      ),
    additionalProperties: (value) =>
      entries
        .filter(([key]) => !(key in known) && !patterns.some(([pattern]) => new RegExp(pattern).test(key)))
        .flatMap(([key, inner]) => mistakes(root, value as Schema, inner, `${path}/${key}`)),
    items: (value) =>
      (Array.isArray(found) ? (found as unknown[]) : []).flatMap((item, index) =>
        mistakes(root, value as Schema, item, `${path}/${index}`),
      ),
    prefixItems: (value) =>
      (Array.isArray(found) ? (found as unknown[]) : []).flatMap((item, index) =>
        index < list(value).length
          ? mistakes(root, list(value)[index] as Schema, item, `${path}/${index}`)
          : [],
      ),
    allOf: (value) => list(value).flatMap((each) => mistakes(root, each as Schema, found, path)),
    anyOf: (value) =>
      wrong(
        !list(value).some(holds),
        `fits none: ${list(value)
          .flatMap((each) => mistakes(root, each as Schema, found, path))
          .join('; ')}`,
      ),
    oneOf: (value) => wrong(list(value).filter(holds).length !== 1, 'fits not exactly one'),
    not: (value) => wrong(holds(value), 'fits what it must not'),
    if: (value) => {
      const branch = schema[holds(value) ? 'then' : 'else']
      return branch === undefined ? [] : mistakes(root, branch as Schema, found, path)
    },
  }
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (annotations.has(keyword)) return []
    const check = checks[keyword]
    if (!check) throw new Error(`${path}: the keyword ${keyword} is not known`)
    return check(value)
  })
}
