/** A request as a fake system received it. */
export interface VendorRequest {
  readonly method: string
  /** As it was sent, still encoded. */
  readonly path: string
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /**
   * JSON as a value, a form as an object of texts, of lists where a name is repeated; `undefined` for
   * neither.
   */
  readonly body: unknown
}

export interface VendorAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly text?: string
  readonly bytes?: Uint8Array
  /** `application/json` when left out. */
  readonly type?: string
}

/** What the fake does with a request; it changes its records here and nowhere else. */
export type VendorHandler = (request: VendorRequest) => VendorAnswer
