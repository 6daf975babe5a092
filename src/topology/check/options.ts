// Options in pmacct's own words: directives that it does not know are warned of, since it passes over them in silence; those by
// which flowlab holds a daemon to its lab are refused, since the run would fail or prove nothing.
import { pmacctDirectives } from '../pmacct-directives.ts'
import { suggestion } from '../suggest.ts'
import type { Scene } from './scene.ts'

/** What flowlab decides, and why. */
const bound: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^(daemonize|pidfile|logfile|syslog)$/, 'the daemon is watched by its process and its log'],
  [/^(plugins|imt_path)$/, 'its tables are read by the name and pipe that the lab file gives them'],
  [/^(interface|pcap_interface|pcap_savefile)$/, 'it is held against the wire at the interface of `at`'],
  [/^nfprobe_source_ip$/, 'its exports are recorded by their source address'],
  [
    /^bgp_(daemon|daemon_ip|daemon_id|daemon_port|daemon_as|daemon_msglog_file)$/,
    'its BGP session is the one that `bgp` plans',
  ],
]

/** What may be replaced to see what happens; it is said, since the run will find fault with it. */
const fateful: readonly (readonly [pattern: RegExp, consequence: string])[] = [
  [/^(nfacctd_ip|nfacctd_port)$/, 'The probes still export to the address and port of the lab file.'],
  [/^nfprobe_receiver$/, 'The exports of the lab file go to its collector; these go elsewhere.'],
]

/** Letters of command lines, by kind of probe or collector. */
const boundLetters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  softflowd: {
    i: 'it is held against the wire at the interface of `at`',
    n: 'its exports are recorded on their way to the collector of `to`',
    c: 'it is told to end through its control socket',
    p: 'the daemon is watched by its process and its log',
  },
  nfcapd: {
    w: 'its files are read from where flowlab puts them',
    D: 'the daemon is watched by its process and its log',
  },
}

/** Kinds whose options are pmacct's directives. */
const pmacctKinds = new Set(['pmacctd', 'nfacctd', 'sfacctd', 'uacctd'])

export function checkOptions(scene: Scene): void {
  const { draft } = scene
  for (const [section, daemons] of [
    ['probes', draft.probes],
    ['collectors', draft.collectors],
  ] as const)
    for (const [name, daemon] of Object.entries(daemons ?? {}))
      for (const [key, value] of Object.entries(daemon?.options ?? {})) {
        const path = [section, name, 'options', key]
        if (pmacctKinds.has(daemon?.kind ?? '')) checkDirective(scene, key, path)
        else if (!isNumbered(draft.probes?.[name]?.at?.interface, key, value))
          refuse(scene, path, key, boundLetters[daemon?.kind ?? '']?.[key])
      }
}

/** softflowd is told the number of its interface before the name: `2:eth0`. */
const isNumbered = (interfaceName: string | undefined, key: string, value: unknown): boolean =>
  key === 'i' && interfaceName !== undefined && String(value).replace(/^\d+:/, '') === interfaceName

/** Where there is a reason. */
function refuse({ report }: Scene, path: readonly string[], found: string, why: string | undefined): void {
  if (why !== undefined)
    report(
      path,
      `expected an option that flowlab leaves to you, found ${found}`,
      `Leave it out: ${why}.`,
      'key',
    )
}

function checkDirective(scene: Scene, key: string, path: readonly string[]): void {
  const { warn } = scene
  const directive = key.replace(/\[.*\]$/, '')
  const why = bound.find(([pattern]) => pattern.test(directive))?.[1]
  const consequence = fateful.find(([pattern]) => pattern.test(directive))?.[1]
  if (why !== undefined) refuse(scene, path, directive, why)
  else if (consequence !== undefined)
    warn(path, `expected exports and collector to meet, found ${directive}`, consequence, 'key')
  else if (!pmacctDirectives.has(directive))
    warn(
      path,
      `expected a directive of pmacct 1.7.7, found ${directive}`,
      suggestion(
        directive,
        pmacctDirectives,
        'pmacct passes over what it does not know, and says so only in its log.',
      ),
      'key',
    )
}
