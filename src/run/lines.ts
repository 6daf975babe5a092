// Files of a JSON value a line, however large.

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** The lines of a file, one after the other. Throws the system's error where it cannot be read. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path), crlfDelay: Infinity })
}

/** All values of a file of them; none where it is not there. */
export async function valuesIn<Value>(path: string): Promise<Value[]> {
  const values: Value[] = []
  try {
    for await (const line of linesOf(path)) if (line !== '') values.push(JSON.parse(line) as Value)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return values
}
