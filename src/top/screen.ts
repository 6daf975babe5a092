// The terminal while `top` has it: the other screen, keys one by one, and everything as it was when it is given back, however that
// comes about.

import { emitKeypressEvents } from 'node:readline'
import { type Line, painted, plain, width } from './text.ts'
import type { Size } from './frame.ts'
import type { Pressed } from './view.ts'

/** xterm's control sequences: the alternate screen (1049), the cursor (25) and the wrapping of lines (7). */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J'
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l'

export interface Screen {
  readonly size: () => Size
  readonly draw: (lines: readonly Line[]) => void
  /** Draws all of it the next time. */
  readonly forget: () => void
  /** Gives the terminal back, stops, and takes it again when the shell says so. */
  readonly suspend: () => void
  readonly close: () => void
}

export interface Listeners {
  readonly pressed: (key: Pressed) => void
  readonly resized: () => void
}

export function openScreen({ pressed, resized }: Listeners, hasColour: boolean): Screen {
  const { stdin, stdout } = process
  let drawn: string[] = []
  const size = (): Size => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 })
  let isOpen = false

  const key = (text: string | undefined, { name, ctrl, shift }: KeyPress): void => {
    if (ctrl && name) pressed(`^${name}`)
    else if (name === 'tab') pressed(shift ? 'backtab' : 'tab')
    else if (text !== undefined && /^[\x21-\x7e]$/.test(text)) pressed(text)
    else if (name) pressed(name)
  }
  const forget = (): void => void (drawn = [])
  const resize = (): void => {
    forget()
    resized()
  }

  function open(): void {
    if (isOpen) return
    isOpen = true
    stdout.write(enter)
    if (stdin.isTTY) {
      stdin.setRawMode(true)
      stdin.resume()
    }
    forget()
  }
  function close(): void {
    if (!isOpen) return
    isOpen = false
    stdout.write(leave)
    if (stdin.isTTY) {
      stdin.setRawMode(false)
      stdin.pause()
    }
  }
  const suspend = (): void => {
    close()
    // The whole job stops, as the shell would stop it; this process hears of it like of any other.
    process.removeListener('SIGTSTP', suspend)
    process.kill(0, 'SIGTSTP')
  }
  const goOn = (): void => {
    process.removeListener('SIGTSTP', suspend)
    process.on('SIGTSTP', suspend)
    open()
    resized()
  }

  emitKeypressEvents(stdin)
  stdin.on('keypress', key)
  stdout.on('resize', resize)
  process.on('SIGTSTP', suspend)
  process.on('SIGCONT', goOn)
  process.on('exit', close)
  open()

  return {
    size,
    forget,
    suspend,
    draw(lines) {
      if (!isOpen) return
      const { columns } = size()
      const isFirst = drawn.length === 0
      // At the right edge the cursor stands on the last character, which must stay.
      const next = lines.map(
        (line) => painted(line, hasColour) + (width(plain(line)) < columns ? '\u001b[K' : ''),
      )
      const below = next.length < drawn.length ? `\u001b[${next.length + 1};1H\u001b[J` : ''
      const changed = next.map((text, index) =>
        text === drawn[index] ? '' : `\u001b[${index + 1};1H${text}`,
      )
      drawn = next
      const written = (isFirst ? '\u001b[2J' : below) + changed.join('')
      if (written !== '') stdout.write(written)
    },
    close() {
      close()
      stdin.off('keypress', key)
      stdout.off('resize', resize)
      process.off('SIGTSTP', suspend)
      process.off('SIGCONT', goOn)
      process.off('exit', close)
    },
  }
}

interface KeyPress {
  readonly name?: string
  readonly ctrl?: boolean
  readonly shift?: boolean
}
