// Why a question has no answer: what the client is told, with the status of HTTP that says whose fault it is.

import type { Problem } from './api/values.ts'

export type Status = 400 | 401 | 403 | 404 | 409 | 413 | 421 | 503

export class Refusal extends Error {
  readonly status: Status
  readonly problem: Problem
  constructor(status: Status, problem: Problem) {
    super(problem.error)
    this.name = 'Refusal'
    this.status = status
    this.problem = problem
  }
}

export const absent = (what: string): Refusal => new Refusal(404, { error: `${what} is not there` })
