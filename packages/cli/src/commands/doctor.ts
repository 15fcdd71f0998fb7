// Looks at what a working server needs, in the order in which one thing depends on the other: this
// machine, the server, then what a key shows of it.

import { command } from '../command.ts'
import { connect, connectionArgs, findDataDir, findUrl } from '../connection.ts'
import { judge, renderFindings, type Finding } from '../doctor/finding.ts'
import { checkReach, checkReady, checkServer } from '../doctor/server.ts'
import { checkDisk, checkNode, checkPostgres } from '../doctor/this-machine.ts'
import { checkKey, checkWorkspace } from '../doctor/workspace.ts'
import { explainError } from '../explain-error.ts'
import { readEnv } from '../read-env.ts'

export const doctor = command({
  description: 'Check this machine, the server, its parts, the key and what it is connected to',
  args: { json: { type: 'boolean', description: 'As JSON' }, ...connectionArgs },
  examples: ['bookend doctor', 'bookend doctor --url https://bookend.example.com --key bk_…'],
  async run(args, io) {
    const url = findUrl(args, io.env)
    const [reached, ...clock] = await checkServer(url)
    const findings: Finding[] = [
      checkNode(process.versions.node),
      checkPostgres(io.env),
      checkDisk(findDataDir(io.env, io.cwd)),
      reached,
      ...clock,
    ]
    if (reached.state === 'ok') {
      findings.push(...(await checkReady(url)))
      findings.push(await checkReach(readEnv(io.env, 'BOOKEND_PUBLIC_URL')))
      try {
        const { client } = connect(args, io)
        findings.push(await checkKey(client), ...(await checkWorkspace(client)))
      } catch (error) {
        findings.push(judge('key', false, explainError(error).join('. ')))
      }
    }
    if (args.json) io.print(JSON.stringify(findings, null, 2))
    else for (const line of renderFindings(findings, io)) io.print(line)
    return findings.every(({ state }) => state !== 'bad') ? 0 : 1
  },
})
