// Where the clinic's own services are, for the process that opens them and for the connections that
// reach them. All on this machine: the desk's token keeps nobody out and is no secret.

export const HOST = '127.0.0.1'
export const CARE_ADDRESS = 'care@harborstreet.example'

type Env = Readonly<Record<string, string | undefined>>

export interface Places {
  readonly deskPort: number
  readonly deskUrl: string
  readonly deskToken: string
  readonly mailPort: number
}

/** @throws {RangeError} A port is not a number from 0 to 65535; the message names the variable. */
export function parsePlaces(env: Env): Places {
  const deskPort = parsePort(env, 'CLINIC_DESK_PORT', 4401)
  return {
    deskPort,
    deskUrl: env['CLINIC_DESK_URL'] ?? `http://${HOST}:${deskPort}`,
    deskToken: env['CLINIC_DESK_TOKEN'] ?? 'clinic-desk',
    mailPort: parsePort(env, 'CLINIC_MAIL_PORT', 4402),
  }
}

function parsePort(env: Env, name: string, usual: number): number {
  const text = env[name] ?? ''
  if (text === '') return usual
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new RangeError(`${name} is not a port from 0 to 65535`)
}
