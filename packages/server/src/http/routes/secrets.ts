import type { Context } from '../../context.ts'
import { countSealed, rotateSecrets } from '../../secrets/rotate.ts'
import type { Handlers } from '../handlers.ts'
import { ProblemError } from '../problem.ts'

/** Less than a request may take. */
const SLICE_MS = 5_000

export function secretRoutes({ database, reads, clock, keyring, makeSecretKey }: Context) {
  return {
    async getSecretKeys() {
      const { current, others } = await countSealed(reads, keyring)
      return {
        key_id: keyring.keyId,
        previous_key_ids: [...keyring.previousKeyIds],
        source: makeSecretKey === null ? ('environment' as const) : ('file' as const),
        current,
        others,
      }
    },

    async rotateSecrets({ body }) {
      if (body.make_key) {
        if (makeSecretKey === null) {
          throw new ProblemError(
            'state_conflict',
            'The key is in BOOKEND_SECRET_KEY: set the new one there and the old one in BOOKEND_SECRET_KEY_PREVIOUS, and start anew',
          )
        }
        keyring.use(await makeSecretKey())
      }
      const rotated = await rotateSecrets({ database, keyring, clock, limitMs: SLICE_MS })
      return { key_id: keyring.keyId, ...rotated }
    },
  } satisfies Partial<Handlers>
}
