// The first workspace, and the first key to it.
//
// F1. The first key is printed once. The data folder keeps it for the local command line, readable
//     by its owner alone, as the folder's secret key is.
// F2. A start that died between making the key and showing it shows it on the next start: the file
//     is written first.

import type { Clock } from '@bookend/core'
import { apiKeyId, createApiKey, hashApiKey } from '@bookend/core'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/config.ts'
import { readCliKey, writeCliKey } from '../config/local-files.ts'
import type { Secrets } from '../secrets/secrets.ts'
import type { Database } from '../store/database.ts'
import { insertKey, listKeys } from '../store/postgres/keys.ts'
import type { WorkspaceRow } from '../store/postgres/workspaces.ts'
import { getDefaultWorkspace } from '../store/postgres/workspaces.ts'

export interface PrepareOptions {
  readonly config: Pick<Config, 'apiKey' | 'dataDir'>
  readonly database: Database
  readonly secrets: Secrets
  readonly clock: Clock
  readonly print: (line: string) => void
}

const LOCK = 4_400_002

export async function prepareWorkspace(
  options: PrepareOptions,
): Promise<{ workspace: WorkspaceRow; firstKey: string | null }> {
  const { config, database, secrets, clock, print } = options
  const { apiKey, dataDir } = config
  const kept = await readCliKey(dataDir)
  const candidate = apiKey ?? kept ?? createApiKey().key
  if (apiKey === null && kept === null) await writeCliKey(dataDir, candidate)
  return await database.transaction(async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK])
    const workspace = await getDefaultWorkspace(client, secrets, clock.now())
    const keys = await listKeys(client, workspace.id)
    const id = apiKeyId(candidate) ?? ''
    const isWanted = apiKey !== null || keys.length === 0
    if (!isWanted || keys.some((key) => key.id === id)) return { workspace, firstKey: null }
    const key = await insertKey(client, {
      workspace_id: workspace.id,
      id,
      label: 'First key',
      scopes: ['admin'],
      hash: hashApiKey(candidate),
    })
    if (key === undefined) {
      throw new ConfigError(['BOOKEND_API_KEY has the id of another workspace’s key'])
    }
    if (apiKey !== null) return { workspace, firstKey: null }
    print(`key ${candidate} (shown once; kept for this machine in ${dataDir}/cli.key)`)
    return { workspace, firstKey: candidate }
  })
}
