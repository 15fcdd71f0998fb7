import { testContext } from '../../testing/context.ts'
import type { PostgresClient } from '../client.ts'
import type { PostgresSettings } from '../schema.ts'
import type { Context } from '../session.ts'

interface Given {
  readonly settings: PostgresSettings
  readonly client: PostgresClient
  readonly budgetMs?: number
  readonly signal?: AbortSignal
}

export const context = (given: Given): Context => testContext({ ...given, auth: null })
