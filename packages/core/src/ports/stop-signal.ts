/** Hears once that it is over. */
export interface StopListener {
  handleEvent(): void
}

/**
 * What of an `AbortSignal` those need that wait for it. Every `AbortSignal` is one; a lighter thing
 * may stand in, for to make one costs as much as the rest of a step.
 */
export interface StopSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: StopListener): void
  removeEventListener(type: 'abort', listener: StopListener): void
}
