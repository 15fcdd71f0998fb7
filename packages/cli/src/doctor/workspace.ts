// What a key shows: what it may, how credentials are kept, whether other systems take them.

import type { Client } from '@bookend/sdk/client'
import { checkOne, isForbidden } from '../commands/connections.ts'
import { explainError } from '../explain-error.ts'
import { judge, type Finding } from './finding.ts'

export async function checkKey(client: Client): Promise<Finding> {
  const { workspace, scopes } = await client.call('getSession', {})
  return judge('key', true, `may ${scopes.join(', ')} in ${workspace.name}`)
}

/** Everything behind the key; a part that the key may not see is left out. */
export async function checkWorkspace(client: Client): Promise<Finding[]> {
  return [
    ...(await orTell('secret key', () => checkSecrets(client))),
    ...(await orTell('connections', () => checkConnections(client))),
    ...(await orTell('platforms', () => checkPlatforms(client))),
  ]
}

async function orTell(name: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check()
  } catch (error) {
    return isForbidden(error) ? [] : [judge(name, false, explainError(error).join('. '))]
  }
}

async function checkSecrets(client: Client): Promise<Finding[]> {
  const { key_id: id, source, current, others } = await client.call('getSecretKeys', {})
  const where = source === 'file' ? 'in the data folder' : 'from the environment'
  const kept = `${id}, ${where}; ${current} sealed with it`
  const said = others === 0 ? kept : `${kept}, ${others} with older ones: bookend secrets rotate`
  return [{ name: 'secret key', state: others === 0 ? 'ok' : 'note', said }]
}

/** Each asked whether its credential is good, where the key may; else what is known of it. */
async function checkConnections(client: Client): Promise<Finding[]> {
  const { connections } = await client.call('listConnections', {})
  const findings: Finding[] = []
  for (const { name, status, status_code: code } of connections) {
    const said = code === null ? status : `${status} (${code})`
    findings.push((await askConnection(client, name)) ?? judge(name, status === 'ok', said))
  }
  return findings
}

/** Null: the key may not ask. */
async function askConnection(client: Client, name: string): Promise<Finding | null> {
  try {
    const { ok, detail } = await checkOne(client, name)
    return judge(name, ok, detail)
  } catch (error) {
    if (isForbidden(error)) return null
    throw error
  }
}

async function checkPlatforms(client: Client): Promise<Finding[]> {
  const { platforms } = await client.call('listPlatforms', {})
  const findings: Finding[] = []
  for (const { platform, name: connection } of platforms) {
    const params = { platform, connection }
    const { ok, findings: found } = await client.call('checkPlatform', { params })
    const odd = found.filter(({ level }) => level !== 'ok').map(({ detail }) => detail)
    const state = !ok ? 'bad' : odd.length === 0 ? 'ok' : 'note'
    findings.push({
      name: `${platform}/${connection}`,
      state,
      said: odd.length === 0 ? 'is set up' : odd.join('; '),
    })
  }
  return findings
}
