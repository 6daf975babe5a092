// `flowlab image`: the image of which docker labs' nodes are made.

import type { Command } from 'commander'

export function declare(program: Command): void {
  const image = program.command('image').description("the image that docker labs' nodes are made of")
  image
    .command('build')
    .description("make it from Debian's packages, unless it is there with the versions that Debian has now")
    .option('--databases', 'with the servers that collectors with a `store` need')
    .option('--force', 'make it anew')
    .action(async (wishes: { databases?: boolean; force?: boolean }) => {
      const [{ connect }, { build }, { formatVersions }, { progress }] = await Promise.all([
        import('../backend/docker/engine.ts'),
        import('../image/build.ts'),
        import('../image/packages.ts'),
        import('./progress.ts'),
      ])
      const engine = await connect()
      const made = await progress().step('image', () => build(engine, wishes))
      process.stdout.write(
        [
          `${made.tag}${made.isNew ? '' : ' was there already'}`,
          `  layer ${made.layer}`,
          ...formatVersions(made.versions)
            .split(' ')
            .map((each) => `  ${each.replace('=', ' ')}`),
          '',
        ].join('\n'),
      )
    })
  image
    .command('dockerfile')
    .description('print a Dockerfile of the same packages, for those who have a registry')
    .action(async () => {
      const { dockerfile } = await import('../image/packages.ts')
      process.stdout.write(dockerfile())
    })
}
