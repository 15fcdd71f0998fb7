// Single keys from a terminal.
//
// T1. The terminal is given back as it was found, whatever ends the process.
// T2. Ctrl-C is SIGINT, as it is without this.

import { emitKeypressEvents } from 'node:readline'
import type { ReadStream } from 'node:tty'

interface Key {
  readonly name?: string
  readonly sequence?: string
  readonly ctrl?: boolean
}

/** @returns Stops listening. */
export function listenForKeys(
  input: Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'> & NodeJS.ReadableStream,
  onKey: (key: string) => void,
  interrupt: () => void = () => process.kill(process.pid, 'SIGINT'),
): () => void {
  const restore = (): void => void input.setRawMode(false)
  const listener = (_text: string | undefined, { name, sequence, ctrl }: Key): void => {
    if (ctrl === true && name === 'c') interrupt()
    else if (ctrl !== true) onKey(sequence ?? '')
  }
  emitKeypressEvents(input)
  input.setRawMode(true)
  input.on('keypress', listener)
  input.resume()
  process.once('exit', restore)
  return () => {
    process.off('exit', restore)
    input.off('keypress', listener)
    input.pause()
    restore()
  }
}
