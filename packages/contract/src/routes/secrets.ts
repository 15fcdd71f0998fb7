import * as secrets from '../secrets.ts'
import { none } from './route.ts'
import type { Route } from './route.ts'

export const secretsRoutes = {
  getSecretKeys: {
    method: 'GET',
    path: '/secrets',
    tag: 'Secrets',
    scope: 'admin',
    summary: 'Under which key credentials are kept, and how many under an older one',
    query: none,
    status: 200,
    response: secrets.SecretKeys,
  },
  rotateSecrets: {
    method: 'POST',
    path: '/secrets/rotate',
    tag: 'Secrets',
    scope: 'admin',
    summary:
      'Seal some thousands of credentials with the current key; ask again until none is left',
    body: secrets.SecretsRotate,
    status: 200,
    response: secrets.SecretsRotated,
  },
} as const satisfies Record<string, Route>
