// Makes flowlab's image from Debian's packages alone: mmdebstrap makes the file system, which goes to the engine as a tar without
// touching the disk. Every time in it is the same, so the same packages give the same layer to the byte.

import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type Docker from 'dockerode'
import { MachineError } from '../backend.ts'
import { label, partsImage } from '../backend/docker/containers.ts'
import { asked } from '../backend/docker/engine.ts'
import {
  allPackages,
  formatVersions,
  packages,
  parsePolicy,
  parseStatus,
  parseVersions,
  tagOf,
  type Versions,
  versionsLabel,
} from './packages.ts'

export interface Image {
  readonly tag: string
  readonly versions: Versions
  /** Of its one layer: sha256 of the tar. */
  readonly layer: string
  /** False where it was there already. */
  readonly isNew: boolean
}

/**
 * Builds the image unless it is there with the versions that Debian has now; `databases`: with what only collectors with a
 * `store` need. Throws MachineError.
 */
export async function build(engine: Docker, { force = false, databases = false } = {}): Promise<Image> {
  const names = databases ? allPackages : packages
  const wanted = await candidates(names)
  const there = force ? undefined : await existing(engine, wanted)
  if (there !== undefined) return { tag: tagOf(wanted), versions: wanted, layer: there, isNew: false }
  const work = await mkdtemp(join(tmpdir(), 'flowlab-image-'))
  try {
    await bootstrap(engine, names, work)
    const versions = parseStatus(await readFile(join(work, 'status'), 'utf8'))
    const tag = tagOf(versions)
    const image = await named(engine, versions, tag)
    return { tag, versions, layer: image, isNew: true }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** What apt would install now. */
async function candidates(names: readonly string[]): Promise<Versions> {
  const { stdout } = await promisify(execFile)('apt-cache', ['policy', ...names]).catch(() => {
    throw new MachineError(
      'the image is made from Debian packages, and there is no apt here',
      'on another system: `flowlab image dockerfile | docker build -t flowlab/parts:latest -`',
    )
  })
  const versions = parsePolicy(stdout)
  const unknown = names.filter((name) => versions[name] === undefined)
  if (unknown.length > 0)
    throw new MachineError(
      `apt knows no ${unknown.join(', ')}`,
      'run `apt-get update` as root, then try again',
    )
  return versions
}

/** The layer of the image that labs will use, where it holds these versions. */
async function existing(engine: Docker, wanted: Versions): Promise<string | undefined> {
  const image = await engine
    .getImage(partsImage)
    .inspect()
    .catch(() => undefined)
  const there = parseVersions(image?.Config.Labels?.[versionsLabel] ?? '')
  const isThere = Object.entries(wanted).every(([name, version]) => there[name] === version)
  return isThere ? image?.RootFS.Layers?.[0] : undefined
}

/** Times in the image, s since the epoch, unless the environment has another (reproducible-builds.org). */
const epoch = (): string => process.env['SOURCE_DATE_EPOCH'] ?? '1700000000'

/** What nobody reads in a container. */
const left = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*']

/** Packages that this machine has fetched before need not come again, where they can be linked. */
const reuse =
  'mkdir -p "$1/var/cache/apt/archives" && cp --link /var/cache/apt/archives/*.deb "$1/var/cache/apt/archives/" 2>/dev/null || :'

/** mmdebstrap's arguments. The hooks get the new root as $1. */
const argumentsFor = (names: readonly string[], work: string, suite: string): string[] => [
  '--variant=essential',
  '--format=tar',
  `--include=${names.join(',')}`,
  ...left.map((path) => `--dpkgopt=path-exclude=${path}`),
  '--dpkgopt=force-unsafe-io',
  '--aptopt=APT::Install-Recommends "false"',
  `--setup-hook=${reuse}`,
  `--customize-hook=download /var/lib/dpkg/status ${work}/status`,
  suite,
  '-',
  ...sources(),
]

/** Where this machine has Debian from; without a file of Debian's own mmdebstrap knows the mirrors. */
const sources = (): string[] =>
  ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources'].filter((file) => existsSync(file))

async function suiteOf(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1] ?? 'stable'
}

const absent = (): Error =>
  new MachineError('there is no mmdebstrap here', 'install it: `apt-get install mmdebstrap`, then try again')

async function bootstrap(engine: Docker, names: readonly string[], work: string): Promise<void> {
  // In a process group of its own: when it is told to end it hangs up on all of its group. It ends with this process.
  const argv = ['--pdeathsig', 'TERM', 'mmdebstrap', ...argumentsFor(names, work, await suiteOf())]
  const child = spawn('setpriv', argv, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SOURCE_DATE_EPOCH: epoch(), TMPDIR: tmpdir() },
  })
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-4_000)))
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(absent()))
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            code === 127 || /failed to execute mmdebstrap/.test(said)
              ? absent()
              : new MachineError(
                  `mmdebstrap ended with ${code}:\n${said.trim()}`,
                  'run `apt-get update`, then try again',
                ),
          ),
    )
  })
  try {
    const imported = asked(engine.importImage(child.stdout, { repo: 'flowlab/parts', tag: building })).then(
      (stream) => asked(followed(stream)),
    )
    await Promise.all([ended, imported])
  } catch (error) {
    // It has a file system to clear away.
    child.stdout.destroy()
    child.kill()
    await ended.catch(() => {})
    throw error
  }
}

/** The name until it is whole. */
const building = 'building'

/** The engine tells how it gets on, a JSON object a line; an error comes the same way. */
async function followed(stream: NodeJS.ReadableStream): Promise<void> {
  let said = ''
  for await (const data of stream) said += String(data)
  for (const line of said.split('\n').filter(Boolean)) {
    const { error } = JSON.parse(line) as { error?: string }
    if (error !== undefined) throw new Error(error)
  }
}

/** Labels are only known when the packages are: a second image over the same layer gets them, and the names. */
async function named(engine: Docker, versions: Versions, tag: string): Promise<string> {
  const temporary = engine.getImage(`flowlab/parts:${building}`)
  const container = await asked(
    engine.createContainer({
      Image: `flowlab/parts:${building}`,
      Cmd: ['true'],
      Labels: { [label.lab]: '' },
    }),
  )
  try {
    const [repo, name = ''] = tag.split(':')
    const changes = [
      `LABEL ${versionsLabel}=${JSON.stringify(formatVersions(versions))}`,
      'CMD ["bash"]',
    ].join('\n')
    await asked(container.commit({ repo, tag: name, changes }))
    await asked(engine.getImage(tag).tag({ repo: 'flowlab/parts', tag: 'latest' }))
  } finally {
    await container.remove({ force: true }).catch(() => {})
    await temporary.remove().catch(() => {})
  }
  const { RootFS } = await asked(engine.getImage(tag).inspect())
  return RootFS.Layers?.[0] ?? ''
}
