import { expect, test } from 'vitest'
import { MessageFramer } from './framer.ts'

/** An IPFIX message of `length` octets, told apart by its last. */
function message(length: number, mark: number): Uint8Array {
  const bytes = new Uint8Array(length)
  bytes.set([0, 10, length >> 8, length & 255])
  bytes[length - 1] = mark
  return bytes
}

function frame(chunks: readonly Uint8Array[]) {
  const messages: [length: number, mark: number | undefined][] = []
  const errors: string[] = []
  const framer = new MessageFramer(
    (payload) => messages.push([payload.length, payload.at(-1)]),
    ({ offset, expected, found }) => errors.push(`${offset}: ${expected}, not ${found}`),
  )
  for (const chunk of chunks) framer.push(chunk)
  framer.end()
  return { messages, errors }
}

const stream = Buffer.concat([message(16, 1), message(300, 2), message(20, 3)])
const whole = [
  [16, 1],
  [300, 2],
  [20, 3],
]

test.each([1, 2, 3, 7, 15, 16, 17, 100, 336])('messages are the same in chunks of %d octets', (size) => {
  const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
    stream.subarray(index * size, (index + 1) * size),
  )
  expect(frame(chunks)).toEqual({ messages: whole, errors: [] })
})

test('a stream that ends within a message says so, and where', () => {
  expect(frame([stream.subarray(0, 320)])).toEqual({
    messages: whole.slice(0, 2),
    errors: ['316: whole messages, not 4 octets of one'],
  })
})

test('a stream that loses its frame is given up, and reported once', () => {
  const { messages, errors } = frame([message(16, 1), Buffer.from('000a0003', 'hex'), stream])
  expect(messages).toEqual([[16, 1]])
  expect(errors).toEqual(['16: version 10, at least 16 octets, not version 10, 3 octets'])
})
