// Kamailio as examples/kamailio sets it up, and SIPp on both sides of it, on free ports.

import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createSocket } from 'node:dgram'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

const CONFIG = fileURLToPath(
  new URL('../../../../../examples/kamailio/kamailio.cfg', import.meta.url),
)
const MODULES = ['http_client.so', 'jansson.so']
const STARTED_WITHIN_MS = 15_000
const CALL_WITHIN_S = 20

/** Null, and a line on the terminal that says so, where something is not installed. */
export function findSipPrograms(): { readonly kamailio: string; readonly sipp: string } | null {
  const [kamailio, sipp] = [find('kamailio'), find('sipp')]
  const hasModules = kamailio !== null && MODULES.every((name) => hasModule(name))
  if (kamailio !== null && sipp !== null && hasModules) return { kamailio, sipp }
  const wanted = 'kamailio, kamailio-json-modules, kamailio-utils-modules, sip-tester'
  process.stderr.write(`not all of ${wanted} is installed; the SIP door's tests are skipped\n`)
  return null
}

function find(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  return folders.map((folder) => join(folder, name)).find(isReadable) ?? null
}

const hasModule = (name: string): boolean =>
  ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''].some((folder) =>
    isReadable(`/usr/lib/${folder}kamailio/modules/${name}`),
  )

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

export interface Running extends AsyncDisposable {
  readonly port: number
  /** The last of what it said. */
  said(): string
}

/** @param lines Of `local.cfg`, after the address where it listens. */
export async function startKamailio(
  command: string,
  folder: string,
  lines: readonly string[],
): Promise<Running> {
  const port = await freeUdpPort()
  const own = join(folder, 'kamailio')
  await mkdir(own)
  await copyFile(CONFIG, join(own, 'kamailio.cfg'))
  const local = [
    `#!define LISTEN udp:127.0.0.1:${port}`,
    '#!define TRUSTED "127.0.0.1/32"',
    '#!define WORKERS 2',
    '#!define PROCESSES 1',
    ...lines,
  ]
  await writeFile(join(own, 'local.cfg'), local.map((line) => `${line}\n`).join(''))
  const flags = ['-DD', '-E', '-f', join(own, 'kamailio.cfg'), '-Y', own, '-m', '32', '-M', '4']
  return await run(command, flags, port, own)
}

/** Takes every call and keeps what it was sent. */
export async function startTarget(
  command: string,
  folder: string,
  name: string,
): Promise<Running & { invites(): Promise<readonly string[]> }> {
  const port = await freeUdpPort()
  const messages = join(folder, `${name}.log`)
  await writeFile(messages, '')
  const file = join(folder, `${name}.xml`)
  await writeFile(file, targetScenario())
  const flags = ['-sf', file, '-i', '127.0.0.1', '-p', String(port), '-nostdin']
  const trace = ['-trace_msg', '-message_file', messages, '-message_overwrite', 'false']
  const running = await run(command, [...flags, ...trace], port, folder)
  return {
    ...running,
    async invites() {
      const text = (await readFile(messages, 'utf8')).replaceAll('\r\n', '\n')
      return text.split(/^-{10,}.*$/m).flatMap((message) => {
        const at = message.indexOf('INVITE sip:')
        return at === -1 || !/message received/.test(message) ? [] : [message.slice(at)]
      })
    },
  }
}

export interface PlacedCall {
  readonly callId: string
  readonly from: string
  readonly to: string
  /** Further header lines. */
  readonly headers?: readonly string[]
  /** The final answer that is expected: 200, or a status of failure. */
  readonly status: number
}

/** Calls and hangs up; rejects when the answer is another than was expected. */
export async function placeCall(
  command: string,
  folder: string,
  through: number,
  call: PlacedCall,
): Promise<void> {
  const port = await freeUdpPort()
  const file = join(folder, `${call.callId}.xml`)
  await writeFile(file, callerScenario(call))
  const flags = [`127.0.0.1:${through}`, '-sf', file, '-i', '127.0.0.1', '-p', String(port)]
  const limits = ['-m', '1', '-timeout', `${CALL_WITHIN_S}s`, '-timeout_error', '-nostdin']
  const id = ['-cid_str', call.callId]
  await new Promise<void>((resolve, reject) => {
    execFile(command, [...flags, ...limits, ...id], { cwd: folder }, (error, stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`the call did not go as expected\n${stderr}\n${stdout}`))
    })
  })
}

function callerScenario({ from, to, headers = [], status }: PlacedCall): string {
  const request = (method: 'INVITE' | 'ACK' | 'BYE', cseq: number) => {
    const isFirst = method === 'INVITE'
    // The path is learnt from an answer that opens a dialog, and from no other.
    const follows = !isFirst && status === 200
    return send([
      `${method} ${follows ? '[next_url]' : `sip:${to}@[remote_ip]:[remote_port]`} SIP/2.0`,
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
      ...(follows ? ['[routes]'] : []),
      `From: ${from};tag=[pid]`,
      `To: <sip:${to}@[remote_ip]:[remote_port]>${isFirst ? '' : '[peer_tag_param]'}`,
      'Call-ID: [call_id]',
      `CSeq: ${cseq} ${method}`,
      'Contact: <sip:caller@[local_ip]:[local_port]>',
      'Max-Forwards: 70',
      ...(isFirst ? headers : []),
      'Content-Length: 0',
    ])
  }
  const isAnswered = status === 200
  return scenario([
    request('INVITE', 1),
    '<recv response="100" optional="true"/><recv response="180" optional="true"/>',
    `<recv response="${status}"${isAnswered ? ' rrs="true"' : ''}/>`,
    request('ACK', 1),
    ...(isAnswered ? [request('BYE', 2), '<recv response="200"/>'] : []),
  ])
}

/** Answers at once, and keeps the way of the call (RFC 3261, 12.1.1), which SIPp's own does not. */
function targetScenario(): string {
  const reply = (tag: string) =>
    send([
      'SIP/2.0 200 OK',
      '[last_Via:]',
      '[last_Record-Route:]',
      '[last_From:]',
      `[last_To:]${tag}`,
      '[last_Call-ID:]',
      '[last_CSeq:]',
      'Contact: <sip:[local_ip]:[local_port];transport=[transport]>',
      'Content-Length: 0',
    ])
  return scenario([
    '<recv request="INVITE"/>',
    reply(';tag=[pid]-[call_number]'),
    '<recv request="ACK"/><recv request="BYE"/>',
    reply(''),
  ])
}

const send = (lines: readonly string[]): string =>
  `<send><![CDATA[\n${lines.map((line) => `    ${line}\n`).join('')}\n  ]]></send>`

const scenario = (parts: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="call">\n${parts.join('\n')}\n</scenario>\n`

async function run(
  command: string,
  flags: readonly string[],
  port: number,
  cwd: string,
): Promise<Running> {
  const lines: string[] = []
  const child = spawn(command, flags, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      lines.push(bytes.toString())
      if (lines.length > 200) lines.shift()
    })
  }
  const said = () => lines.join('').slice(-4_000)
  await vi.waitFor(
    async () => {
      if (isOver(child)) throw new Error(`${command} ended:\n${said()}`)
      if (await isFree(port)) throw new Error(`${command} does not listen:\n${said()}`)
    },
    { timeout: STARTED_WITHIN_MS },
  )
  return {
    port,
    said,
    async [Symbol.asyncDispose]() {
      if (!isOver(child)) child.kill('SIGTERM')
      await ended
    },
  }
}

const isOver = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

async function isFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  return await new Promise((resolve) => {
    socket.once('error', () => {
      socket.close()
      resolve(false)
    })
    socket.bind(port, '127.0.0.1', () => {
      socket.close()
      resolve(true)
    })
  })
}
