// What the settings keep in their address: the section by its path, and the audit log's filters.

export const sections = {
  keys: 'API keys',
  people: 'People and roles',
  retention: 'Retention',
  privacy: 'Personal data',
  audit: 'Audit log',
  telemetry: 'Telemetry',
} as const
export type Section = keyof typeof sections

export const isSection = (text: string): text is Section => Object.hasOwn(sections, text)

export interface SettingsSearch {
  action?: string
  target?: string
  key?: string
  since?: string
}

const NAMES = ['action', 'target', 'key', 'since'] as const

export function parseSettingsSearch(search: Record<string, unknown>): SettingsSearch {
  const given = NAMES.flatMap((name) => {
    const value = search[name]
    // The router reads digits as a number.
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
    return text === '' ? [] : [[name, text] as const]
  })
  return Object.fromEntries(given)
}
