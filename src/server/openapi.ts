// The OpenAPI document (3.1), written from the table of addresses: /api/openapi.json and docs/openapi.json.

import { z } from 'zod'
import { endpoints, streams } from './api/endpoints.ts'
import { liveEvents } from './api/live.ts'
import { problem } from './api/values.ts'

interface Described {
  readonly about: string
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly answer?: z.ZodType
  readonly media?: string
}

/** Where the document itself is. */
export const document = {
  '/api/openapi.json': {
    about: 'This document',
    params: z.strictObject({}),
    query: z.strictObject({}),
    answer: z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }),
  },
} as const

/** JSON schema (2020-12) without its address, as OpenAPI wants it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    unknown
  >
  return rest
}

const parametersOf = (place: 'path' | 'query', schema: z.ZodObject): object[] =>
  Object.entries(schema.shape).map(([name, each]) => {
    const one = each as z.ZodType
    const { description, ...rest } = schemaOf(one, 'input') as { description?: string }
    return {
      name,
      in: place,
      required: place === 'path' || !one.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }
  })

const json = (schema: z.ZodType): object => ({ 'application/json': { schema: schemaOf(schema, 'output') } })

export function openApi(): object {
  const all: readonly (readonly [string, Described])[] = [
    ...Object.entries(endpoints),
    ...Object.entries(streams),
    ...Object.entries(document),
  ]
  return {
    openapi: '3.1.0',
    info: {
      title: 'flowlab',
      version: '0.1.0',
      summary: 'What `flowlab ui` serves: labs that run and run directories, read-only.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{}, { token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Beyond loopback.' } },
      schemas: {
        Problem: schemaOf(problem, 'output'),
        ...Object.fromEntries(
          Object.entries(liveEvents).map(([name, schema]) => [`Live.${name}`, schemaOf(schema, 'output')]),
        ),
      },
    },
    paths: Object.fromEntries(
      all.map(([path, { about, params, query, answer, media }]) => [
        path.replaceAll(/:(\w+)/g, '{$1}'),
        {
          get: {
            summary: about,
            parameters: [...parametersOf('path', params), ...parametersOf('query', query)],
            responses: {
              200: {
                description: about,
                content: answer
                  ? json(answer)
                  : { [media ?? 'application/octet-stream']: { schema: { type: 'string' } } },
              },
              default: {
                description:
                  'Why there is no answer: 400 a wrong question, 404 not there, 409 not yet, 503 too much at once',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
              },
            },
          },
        },
      ]),
    ),
  }
}
