import type { Agent } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { CliError } from '../cli-error.ts'
import { printable } from '../terminal/text.ts'

const LIMIT = 200

/**
 * The one agent of this name, or with this id.
 *
 * @throws {CliError} There is none, or several; names what there is.
 */
export async function findAgent(client: Pick<Client, 'call'>, wanted: string): Promise<Agent> {
  const { agents } = await client.call('listAgents', { query: { limit: LIMIT } })
  const same = agents.filter(({ id, name }) => id === wanted || name === wanted)
  const found =
    same.length > 0
      ? same
      : agents.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  const [agent] = found
  if (agent !== undefined && found.length === 1) return agent
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ')
    throw new CliError(`Several agents are called "${printable(wanted)}"`, [`By id: ${ids}`])
  }
  const names = agents.map(({ name }) => printable(name)).join(', ')
  throw new CliError(`There is no agent "${printable(wanted)}"`, [
    names === '' ? 'There is none at all; see: bookend agents' : `There are: ${names}`,
  ])
}
