// flowlab's image from one run of the tests to the next: an archive in the user's cache, named after the sources that make images. A
// newer version of a package is no matter of the name: `flowlab image build` makes the image anew then, and that one is kept.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root, run } from './step.mjs'

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'flowlab')
const image = 'flowlab/parts:latest'

function archive() {
  const hash = createHash('sha256')
  const sources = join(root, 'src/image')
  for (const name of readdirSync(sources).toSorted()) hash.update(readFileSync(join(sources, name)))
  return join(cache, `parts-${hash.digest('hex').slice(0, 16)}.tar`)
}

const docker = (env, ...args) => run(['docker', ...args], { env: { ...process.env, ...env } })

const idOf = async (env) =>
  (await docker(env, 'image', 'inspect', '--format', '{{.Id}}', image)).stdout.trim()

/** Brings the engine the image that was kept, if there is one; comes back with its id. */
export async function bringImage(env) {
  if (existsSync(archive())) await docker(env, 'load', '--quiet', '--input', archive())
  return idOf(env)
}

/** Keeps the engine's image, unless it is the one with the id `kept`; where there is no room none is kept. */
export async function keepImage(env, kept) {
  if ((await idOf(env)) === kept) return
  mkdirSync(cache, { recursive: true })
  const { stdout } = await docker(env, 'image', 'inspect', '--format', '{{join .RepoTags " "}}', image)
  const part = join(cache, `parts-${process.pid}.part`)
  const { code } = await docker(env, 'save', '--output', part, ...stdout.trim().split(' '))
  if (code !== 0) return rmSync(part, { force: true })
  for (const name of readdirSync(cache)) if (/^parts-.*\.tar$/.test(name)) rmSync(join(cache, name))
  renameSync(part, archive())
}
