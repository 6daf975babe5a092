// Makes a clean clone ready: npm packages, the build, and the Debian packages that `flowlab doctor` misses. What is there
// already is left alone, so that a second time takes no time. Ends with 3 where the machine cannot run labs.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, run, seconds, step } from './step.mjs'

/**
 * Comes back with what is still missing, as doctor's checks. Ends the process where a step fails. `tools`: programs that are
 * needed beside what labs need (names or whole paths), each with the Debian package that brings it.
 */
export async function setup(tools = {}) {
  if (!npmPackagesAreThere())
    await required('Installing npm packages (npm ci)', ['npm', 'ci', '--loglevel=error'])
  if (!isBuilt()) await required('Building flowlab', [process.execPath, 'scripts/build.mjs'])
  let { checks, packages, commands } = await doctor()
  const lacking = Object.keys(tools).filter((program) => !isHere(program))
  packages = [...new Set([...packages, ...lacking.map((program) => tools[program])])]
  if (packages.length > 0) await installPackages(packages)
  for (const command of commands) await asAdministrator(command)
  if (packages.length > 0 || commands.length > 0) ({ checks } = await doctor())
  return checks.filter(({ state, optional }) => state !== 'ok' && !optional)
}

async function required(name, argv) {
  if (!(await step(name, argv))) process.exit(3)
}

/** Whether node_modules holds what the lockfile says: npm keeps a lockfile of its own there. */
function npmPackagesAreThere() {
  const wanted = lockedIn('package-lock.json')
  const there = lockedIn('node_modules/.package-lock.json')
  return Object.entries(wanted).every(
    ([place, { version, optional }]) =>
      place === '' || there[place]?.version === version || (optional && !there[place]),
  )
}

function lockedIn(file) {
  const path = join(root, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {}
}

/** Whether dist is younger than all that it is made of; a folder's own time tells of files that went away. */
function isBuilt() {
  const built = timeOf('dist/flowlab.js')
  return ['src', 'web', 'scripts/build.mjs', 'node_modules/.package-lock.json'].every(
    (path) => newest(path) < built,
  )
}

const timeOf = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0

const newest = (path) =>
  Math.max(
    timeOf(path),
    ...(statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory()
      ? readdirSync(join(root, path)).map((name) => newest(join(path, name)))
      : []),
  )

async function doctor() {
  const { code, stdout, said } = await run([process.execPath, 'bin/flowlab', 'doctor', '--format', 'json'])
  if (code !== 0 && code !== 3) refuse(said, 4)
  return JSON.parse(stdout)
}

async function installPackages(packages) {
  if (!isHere('apt-get'))
    refuse(`flowlab needs these packages of Debian, and there is no apt-get here:\n\n  ${packages.join(' ')}`)
  console.log(
    'Programs that are needed are missing here. Services that come along are neither started nor enabled.',
  )
  await asAdministrator(`scripts/install-packages ${packages.join(' ')}`, progressOf(packages))
}

/** Says the command before it runs it; a command of doctor's says `sudo` itself where it is needed. */
async function asAdministrator(command, onLine) {
  const isRoot = process.getuid() === 0
  const full = isRoot || command.startsWith('sudo ') ? command : `sudo ${command}`
  if (!isRoot && !isHere('sudo'))
    refuse(
      `This needs root, and there is no sudo here. Run as root, then try again:\n\n  ${full.slice('sudo '.length)}`,
    )
  const began = performance.now()
  console.log(`  $ ${full}`)
  const { code, said } = await run(['sh', '-c', full], { onLine })
  if (code !== 0) refuse(`${said}\nThat failed. Run it yourself, then try again:\n\n  ${full}`)
  console.log(`  done in ${seconds(began)}`)
}

/** What apt says of the packages that were asked for; what they depend on comes without a word. */
const progressOf = (packages) => (line) => {
  const [, name] = /^Setting up ([^\s:]+)/.exec(line) ?? []
  if (packages.includes(name) || line.startsWith('Fetched ')) console.log(`    ${line}`)
}

function refuse(message, code = 3) {
  console.error(message)
  process.exit(code)
}

const isHere = (program) =>
  `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`
    .split(delimiter)
    .some((directory) => existsSync(resolve(directory, program)))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = await setup()
  if (missing.length === 0) console.log('Everything that labs need is in place.')
  else process.exitCode = (await run([process.execPath, 'bin/flowlab', 'doctor'], { stdio: 'inherit' })).code
}
