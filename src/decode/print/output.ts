// Text on its way out, collected into large pieces: a system call a record would cost more than decoding it.

const PIECE = 1 << 16

export class Output {
  private held = ''
  private readonly send: (text: string) => void

  constructor(send: (text: string) => void) {
    this.send = send
  }

  write(text: string): void {
    this.held += text
    if (this.held.length >= PIECE) this.flush()
  }

  flush(): void {
    if (this.held !== '') this.send(this.held)
    this.held = ''
  }
}
