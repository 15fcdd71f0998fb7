// Receipts: what a system tells later, at an address of ours, of an effect that carried our key. Of a
// write whose answer was lost nothing else says whether it was done.

/** As it came; nothing of it is trusted before its signature holds. */
export interface ReceiptRequest {
  /** The path and the query. */
  readonly url: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly receivedAt: Date
}

export interface SeenReceipt {
  /** Of the effect, as `keyId` renders it. */
  readonly key: string
  /** The same for one that is told again. */
  readonly id: string
  /** In the system's own words, such as `delivered`. */
  readonly status: string
  /** What the system calls the effect; null: it does not say. */
  readonly reference: string | null
  /** When it happened; null: it does not say. */
  readonly toldAt: Date | null
}

export type ReceiptReading =
  | { readonly ok: true; readonly receipts: readonly SeenReceipt[] }
  /** Not signed by the system, or not readable. `why` is for the log. */
  | { readonly ok: false; readonly why: string }

/** How a connector is told of what became of its effects. */
export interface ReceiptPort<Settings, Auth> {
  /** Whether this connection asks to be told, and can tell who is telling. */
  isSetUp(settings: Settings, auth: Auth): boolean
  /** Whatever was not sent with a key is left out. */
  read(request: ReceiptRequest, settings: Settings, auth: Auth): ReceiptReading
}
