// The field specifiers of a template: four octets each, and four more for an enterprise's where the protocol has them.
import type { Element } from '../element.ts'
import type { Field } from '../layout.ts'
import { fail, type Source } from './source.ts'

/**
 * Reads `count` field specifiers from `at` (RFC 3954 section 5.2; with `enterpriseBit`, RFC 7011 section 3.2). Returns
 * them and where they end; undefined, and reported, if they do not fit before `end`.
 */
export function readFields(
  source: Source,
  path: string,
  at: number,
  end: number,
  count: number,
  enterpriseBit: boolean,
  element: (enterprise: number, id: number, index: number) => Element,
): { fields: Field[]; end: number } | undefined {
  const { view } = source
  const fields: Field[] = []
  let next = at
  for (let index = 0; index < count; index++) {
    const id = end - next >= 4 ? view.getUint16(next) : 0
    const size = enterpriseBit && id & 0x8000 ? 8 : 4
    if (end - next < size) {
      fail(
        source,
        'template',
        next,
        `${path} > field ${index}`,
        `${size} octets, ${count} fields in all`,
        `${end - next}`,
      )
      return undefined
    }
    const enterprise = size === 8 ? view.getUint32(next + 4) : 0
    const number = enterpriseBit ? id & 0x7fff : id
    fields.push({ element: element(enterprise, number, index), length: view.getUint16(next + 2) })
    next += size
  }
  return { fields, end: next }
}
