import { keyId } from '@bookend/core'
import type { PendingWrite } from './calling-step.ts'
import type { AnyAction, ConfiguredConnection } from './configured.ts'

type Write = Extract<AnyAction, { readonly effect: 'write' }>

/** What is to be known of a write when nobody can tell any more whether it was sent. */
export function describeWrite(
  { connection, name, action }: { connection: ConfiguredConnection; name: string; action: Write },
  input: unknown,
  key: string,
): PendingWrite {
  const { settings, auth, connector } = connection
  const { idempotency } = action
  const { keptMs, receipt } = idempotency
  const kind = idempotency.classFor?.(settings, input) ?? idempotency.class
  const isTold = receipt !== undefined && connector.receipts?.isSetUp(settings, auth) === true
  return {
    connection: connection.name,
    action: name,
    class: kind,
    key: keyId(key),
    ...(kind === 'key' && keptMs !== undefined ? { keptMs } : {}),
    ...(isTold ? { isReceipted: true } : {}),
  }
}
