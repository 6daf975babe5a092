// The language of expectations: a recursive descent over words. Every name of the lab is looked up here, so that a misspelt one is
// found before anything runs; the refusal points at the word.
//
//   expectation = [ "within" DURATION "of" [ "the" "end" "of" ] EVENT "," ] claim
//   claim       = "no" "findings" where* | "no" "finding" CAUSE where* | "finding" CAUSE where* [ "allowed" ]
//               | FIGURE where* [ statistic ] test where* [ statistic ], "of" before the test alone
//   where       = ( "of" | "from" | "to" ) place | "at" POINT | "in" STAGE | "over" EVENT | "per" DURATION
//   place       = [ "node" | "probe" | "collector" ] NAME | "AS" NUMBER
//   statistic   = "(" ( "median" | "worst" ) ")"
//   test        = ( "within" | "below" | "above" | "at" "most" | "at" "least" | "is" ) QUANTITY | "between" QUANTITY "and" QUANTITY
//               | ( "is" [ "not" ] | "includes" ) TEXT { "or" TEXT }

import {
  type Claim,
  type FigureClaim,
  type Place,
  type PlaceKind,
  type Preposition,
  type Scope,
  stageNames,
  type Statistic,
  type Test,
} from './expectation.ts'
import type { Figure } from './figure.ts'
import { figures } from './figures.ts'
import { bounds, either, examples, findingTakes, prepositions, statistics, tests } from './grammar.ts'
import { type Names, Refusal } from './refusal.ts'
import { quantity, texts, type Word, wordsOf } from './words.ts'

export function parseClaim(text: string, names: Names): Claim | Refusal {
  try {
    return new Parser(text, names).claim()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

class Parser {
  private readonly text: string
  private readonly names: Names
  private words: readonly Word[]

  constructor(text: string, names: Names) {
    this.text = text
    this.names = names
    this.words = wordsOf(text)
  }

  claim(): Claim {
    const after = this.after()
    const claim = this.isNext('no') || this.isNext('finding') ? this.findings() : this.figure(after)
    if (after && claim.about === 'findings')
      this.refuse('a figure that has times', 'findings', timed(), 'Leave out within … of ….')
    if (this.words.length > 0)
      this.refuse(
        'the end',
        this.found(),
        [...prepositions, 'or'],
        `Leave out what follows, or write another expectation of it.`,
      )
    return claim
  }

  private after(): FigureClaim['after'] | undefined {
    if (!this.take('within')) return undefined
    const within = this.duration()
    this.expect('of', 'Write within 10 s of EVENT, and what must be so then.')
    const isEnd = this.isNext('the') || this.isNext('end')
    if (isEnd) {
      this.take('the')
      this.expect('end', 'Write within 10 s of the end of EVENT.')
      this.expect('of', 'Write within 10 s of the end of EVENT.')
    }
    const event = this.name('a named event', this.names.events, noEvents)
    this.expect(',', 'Write a comma, then what must be so.')
    return { event, of: isEnd ? 'end' : 'begin', within }
  }

  private findings(): Claim {
    if (this.take('no')) {
      if (this.take('findings'))
        return { about: 'findings', wanted: 'none', scope: this.scope(findingTakes, ofDaemons, {}) }
      this.expect('finding', 'Write no findings, or no finding CAUSE.', ['findings', 'finding'])
      return {
        about: 'findings',
        wanted: 'none',
        cause: this.cause(),
        scope: this.scope(findingTakes, ofDaemons, {}),
      }
    }
    this.take('finding')
    const cause = this.cause()
    const scope = this.scope(findingTakes, ofDaemons, {})
    return { about: 'findings', wanted: this.take('allowed') ? 'allowed' : 'some', cause, scope }
  }

  private cause = (): string =>
    this.name('a cause of findings', this.names.causes, 'docs/findings.md lists them.')

  private figure(after: FigureClaim['after'] | undefined): FigureClaim {
    const figure = this.figureName()
    const takes = figure.takes
    if (after && !figure.units.includes('text'))
      this.refuse(
        'a figure that has times',
        figure.name,
        timed(),
        'Leave out within … of …, or write over EVENT.',
        this.text.indexOf(figure.name),
      )
    const places = figure.places ?? []
    const before = this.statistic(figure, this.scope(takes, places, {}))
    const test = this.test(figure)
    const scope = this.statistic(figure, this.scope(takes, places, before))
    // An `of` there reads as if it were the value's: 0 of edge.
    if (before.of === undefined && scope.of !== undefined) {
      const { kind, name } = scope.of
      this.refuse(
        'of before the value',
        'of after it',
        [],
        `Write ${figure.name} of ${kind === 'AS' ? 'AS ' : ''}${name}, and the value behind it.`,
        this.text.search(/ of (?!.* of )/) + 1,
      )
    }
    if (figure.units.includes('text') && !scope.of)
      this.refuse(
        `${figure.name} of NODE`,
        figure.name,
        [],
        `Write such as ${figure.example}.`,
        this.text.indexOf(figure.name),
      )
    this.checkHosts(scope)
    return { about: 'figure', figure: figure.name, scope, test, ...(after ? { after } : {}) }
  }

  /** Hosts have one account from them and one to them, and no price of events. */
  private checkHosts({ of, from, to, over }: Scope): void {
    const isHost = of?.kind === 'node' || of?.kind === 'AS'
    const hosts = [...(isHost ? ['of'] : []), ...(from ? ['from'] : []), ...(to ? ['to'] : [])]
    if (hosts.length > 1)
      this.refuse(
        'one of of, from and to',
        hosts.join(' and '),
        [],
        'Write an expectation of each; of NODE is both.',
        this.text.indexOf(` ${hosts[1]} `) + 1,
      )
    if (over !== undefined && hosts.length > 0)
      this.refuse(
        'either over or a host or AS',
        'both',
        [],
        'What an event cost is not known by host: leave one of them out.',
        this.text.indexOf(' over ') + 1,
      )
  }

  /** The longest that fits, for some are the beginning of others. */
  private figureName(): Figure {
    const found = figures
      .filter(({ name }) => name.split(' ').every((word, index) => this.words[index]?.text === word))
      .toSorted((a, b) => b.name.length - a.name.length)[0]
    const known = figures.map(({ name }) => name)
    if (!found)
      return this.refuse(
        'a figure',
        this.found(),
        [...known, 'no', 'finding', 'within'],
        `The figures are in docs/expectations.md; such as ${known.slice(0, 3).join(', ')}.`,
      )
    this.words = this.words.slice(found.name.split(' ').length)
    return found
  }

  private scope(takes: readonly Preposition[], places: readonly PlaceKind[], known: Scope): Scope {
    const word = this.words[0]
    const preposition = prepositions.find((each) => each === word?.text)
    if (!word || preposition === undefined || (preposition === 'at' && this.isTest())) return known
    if (!takes.includes(preposition))
      this.refuse(
        takes.length > 0 ? either(takes) : 'no such word here',
        preposition,
        takes,
        'This figure is not told apart by it: docs/expectations.md has what each takes.',
      )
    if (known[preposition] !== undefined)
      this.refuse(`${preposition} once`, `${preposition} again`, [], 'Write an expectation of each.')
    this.words = this.words.slice(1)
    const value = { [preposition]: this.scopeOf(preposition, places) }
    return this.scope(takes, places, { ...known, ...value })
  }

  private scopeOf(preposition: Preposition, places: readonly PlaceKind[]): Scope[Preposition] {
    switch (preposition) {
      case 'at':
        return this.name('an observation point', this.names.points, 'Add a probe there.')
      case 'in':
        return this.name(
          'a stage',
          stageNames,
          'The stages are sending, metering, exporting, transport, collecting and routing.',
        )
      case 'over':
        return this.name('a named event', this.names.events, noEvents)
      case 'per':
        return this.duration()
      default:
        return this.place(
          preposition === 'of' ? places : places.filter((kind) => kind === 'node' || kind === 'AS'),
        )
    }
  }

  private place(kinds: readonly PlaceKind[]): Place {
    const known: Readonly<Record<PlaceKind, readonly string[]>> = {
      node: this.names.nodes,
      AS: this.names.ases,
      probe: this.names.probes,
      collector: this.names.collectors,
    }
    const [first, second] = this.words
    // A kind before the name, unless something has that name itself.
    const said = kinds.find((kind) => kind === first?.text)
    if (said !== undefined && second && (said === 'AS' || known[said].includes(second.text))) {
      this.words = this.words.slice(1)
      return {
        kind: said,
        name: this.name(
          said === 'AS' ? 'an AS of the lab' : `a ${said}`,
          known[said],
          `There is no ${said} of that name.`,
        ),
      }
    }
    const kind = kinds.find((each) => each !== 'AS' && known[each].includes(first?.text ?? ''))
    const expected = either(kinds.map((each) => (each === 'AS' ? 'AS NUMBER' : `a ${each}`)))
    const choices = kinds.filter((each) => each !== 'AS').flatMap((each) => known[each])
    const name = this.name(
      expected,
      choices,
      choices.length > 0 ? `Such as ${choices[0]}.` : 'The lab has none.',
    )
    return { kind: kind ?? 'node', name }
  }

  private statistic(figure: Figure, scope: Scope): Scope {
    if (!this.isNext('(')) return scope
    if (!figure.statistics)
      this.refuse('no statistic here', '(', [], `${figure.name} is one number: leave it out.`)
    this.take('(')
    const statistic = this.name('median or worst', statistics, 'Write (median) or (worst).') as Statistic
    this.expect(')', 'Close the parenthesis.')
    return { ...scope, statistic }
  }

  private isTest(): boolean {
    const [first, second] = this.words
    return tests.some((test) => test === first?.text || test === `${first?.text} ${second?.text}`)
  }

  private test(figure: Figure): Test {
    const own = figure.units[0] ?? 'count'
    if (figure.units.includes('text')) return this.textTest(figure)
    const test = tests.find(
      (each) => each === this.words[0]?.text || each === `${this.words[0]?.text} ${this.words[1]?.text}`,
    )
    if (test === undefined || test === 'includes')
      return this.refuse(
        'a comparison',
        this.found(),
        tests.filter((each) => each !== 'includes'),
        `Write such as below ${examples[own]}.`,
      )
    this.words = this.words.slice(test.split(' ').length)
    const first = this.quantity(figure)
    const { unit, value } = first
    if (test === 'between') {
      this.expect('and', `Write such as between ${examples[own]} and more.`)
      const [word] = this.words
      const second = this.quantity(figure)
      if (second.unit !== unit || second.value < value)
        this.refuse(
          'a larger value of the same unit',
          word?.text ?? 'nothing',
          [],
          'Write the smaller one first.',
          word?.at,
        )
      return { unit, low: { value, open: false }, high: { value: second.value, open: false } }
    }
    return { unit, ...bounds[test](value) }
  }

  private textTest({ text = 'path', example }: Figure): Test {
    const is = this.take('includes') ? 'includes' : undefined
    if (!is) this.expect('is', 'Write is, is not or includes.', ['is', 'includes'])
    const test = is ?? (this.take('not') ? 'is not' : 'is')
    const { expected, read, most } = texts[text]
    const remedy = `Write such as ${example}.`
    const values: string[] = []
    do {
      const path: string[] = []
      for (let count = 0; this.words.length > 0 && this.words[0]?.text !== 'or'; count++) {
        const value = count < most ? read(this.words[0]?.text ?? '') : undefined
        if (value === undefined)
          this.refuse(
            count > 0 ? `the end, or ${expected}` : `${expected} or empty`,
            this.found(),
            ['empty'],
            remedy,
          )
        else path.push(value)
        this.words = this.words.slice(1)
        if (value === '') break
      }
      if (path.length === 0) this.refuse(`${expected} or empty`, this.found(), ['empty'], remedy)
      values.push(path.join(' ').trim())
    } while (this.take('or'))
    return { unit: 'text', is: test, values }
  }

  private quantity({ units: possible }: Figure): { unit: 'share' | 'count' | 'duration'; value: number } {
    const found = quantity(this.words)
    const wanted = possible.map((unit) => examples[unit]).join(' or ')
    if (!found) return this.refuse('a number', this.found(), [], `Write such as ${wanted}.`)
    // Nothing is nothing, whatever its unit.
    const unit = found.value === 0 && found.unit === 'count' ? (possible[0] ?? 'count') : found.unit
    if (!possible.includes(unit) || unit === ('text' as Test['unit']))
      return this.refuse(
        kinds(possible),
        this.words
          .slice(0, found.took)
          .map(({ text }) => text)
          .join(' '),
        [],
        `Write such as ${wanted}.`,
      )
    this.words = this.words.slice(found.took)
    return { unit: unit as 'share' | 'count' | 'duration', value: found.value }
  }

  private duration(): number {
    const found = quantity(this.words)
    if (found?.unit !== 'duration')
      return this.refuse('a duration', this.found(), [], 'Write such as 10 s, 500 ms or 2 m.')
    this.words = this.words.slice(found.took)
    return found.value
  }

  private name(what: string, known: readonly string[], remedy: string): string {
    const [word] = this.words
    if (!word || !known.includes(word.text)) return this.refuse(what, this.found(), known, remedy)
    this.words = this.words.slice(1)
    return word.text
  }

  private isNext = (text: string): boolean => this.words[0]?.text === text

  private take(text: string): boolean {
    if (!this.isNext(text)) return false
    this.words = this.words.slice(1)
    return true
  }

  private expect(text: string, remedy: string, choices: readonly string[] = [text]): void {
    if (!this.take(text)) this.refuse(choices.join(' or '), this.found(), choices, remedy)
  }

  private found = (): string => this.words[0]?.text ?? 'the end'

  private refuse(
    expected: string,
    found: string,
    choices: readonly string[],
    remedy: string,
    at?: number,
  ): never {
    throw new Refusal(at ?? this.words[0]?.at ?? this.text.length, expected, found, choices, remedy)
  }
}

const ofDaemons: readonly PlaceKind[] = ['probe', 'collector']
const noEvents = 'Give the event a name, and write that.'
const timed = (): string[] => figures.flatMap(({ name, units }) => (units.includes('text') ? [name] : []))
const kinds = (units: Figure['units']): string =>
  units
    .map(
      (unit) => ({ share: 'a percentage', count: 'a number', duration: 'a duration', text: 'a text' })[unit],
    )
    .join(' or ')
