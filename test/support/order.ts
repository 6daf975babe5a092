// The order of the test files: labs first, which mostly wait; those in containers after the others, since their image is made
// meanwhile; what needs nothing but a processor last, which fills the gaps. Among each the longest first, as the last run knows them.
import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

const ranks = [/\/test\/(?:e2e|page)\//, /\/test\/docker\//, /(?:)/]
const rank = ({ moduleId }: TestSpecification): number => ranks.findIndex((pattern) => pattern.test(moduleId))

export class LabsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
