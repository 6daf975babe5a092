// `flowlab explain RUN [FINDING]`: the whole story of a run's findings.

import type { Command } from 'commander'

export function declare(program: Command): void {
  program
    .command('explain')
    .description('tell the whole story of the findings of a run, down to the datagram')
    .argument('<run>', 'run directory')
    .argument('[finding]', 'one of them: its id (exports-lost@edge), or its cause (default: all)')
    .action(async (named: string, wanted: string | undefined) => {
      const [
        { namedDirectory },
        { reachVerdict },
        { described },
        { explanation, treeKey },
        { dissect },
        { InputError },
      ] = await Promise.all([
        import('./labs.ts'),
        import('./verdict.ts'),
        import('../verify/causes/causes.ts'),
        import('../report/explain.ts'),
        import('../replay/dissect.ts'),
        import('./exit.ts'),
      ])
      const directory = await namedDirectory(named)
      if (!directory)
        throw new InputError(`expected a run directory, found ${named}`, 'name one, such as runs/LAB/TIME')
      const verdict = await reachVerdict(directory)
      const told = verdict.findings.filter(
        ({ id, cause }) => wanted === undefined || id === wanted || cause === wanted,
      )
      if (wanted !== undefined && told.length === 0)
        throw new InputError(
          `expected a finding of this run, found ${wanted}`,
          verdict.findings.length === 0
            ? 'It has none: all that was measured is true.'
            : `It has ${verdict.findings.map(({ id }) => id).join(', ')}.`,
        )
      if (told.length === 0)
        process.stdout.write(`${verdict.lab}: no findings, all that was measured is true\n`)
      for (const finding of told) {
        const frames = new Map<string, Set<number>>()
        for (const item of finding.evidence)
          if (item.kind === 'datagram' || item.kind === 'record')
            frames.set(item.file, (frames.get(item.file) ?? new Set()).add(item.frame))
        const trees = new Map<string, string>()
        for (const [file, wantedFrames] of frames)
          for (const [frame, tree] of await dissect(directory.file(file), wantedFrames))
            trees.set(treeKey(file, frame), tree)
        process.stdout.write(explanation({ verdict, finding, cause: described(finding.cause), trees }))
      }
    })
}
