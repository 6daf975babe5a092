// Starting a program holds up the whole process until the kernel has it; of many that are wanted at once each has its turn, and between
// two of them everybody else is served.

let last: Promise<void> = Promise.resolve()

/** Comes back when it is the caller's turn to start a program. */
export function turn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)))
  return last
}
