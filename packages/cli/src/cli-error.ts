import { printable } from './terminal/text.ts'

/** Ends a command; the message is for the person at the terminal, one remedy included. */
export class CliError extends Error {
  override readonly name = 'CliError'
  /** What is said below the message, a line each. */
  readonly details: readonly string[]

  constructor(message: string, details: readonly string[] = [], options?: ErrorOptions) {
    super(message, options)
    this.details = details
  }

  /** The message and what is said below it, as a terminal may show them. */
  lines(): string[] {
    return [this.message, ...this.details].map(printable)
  }
}
