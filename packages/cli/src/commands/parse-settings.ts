import type { Json, JsonObject } from '@bookend/contract'
import { PARAMETER_NAME } from '@bookend/contract'
import { CliError } from '../cli-error.ts'

/** `vip=true` is a boolean, `open=3` a number, `name=Ada` a text; what is JSON is taken as JSON. */
export function parseSettings(settings: readonly string[]): JsonObject {
  return Object.fromEntries(
    settings.map((setting) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(setting) ?? []
      if (!PARAMETER_NAME.test(name)) {
        throw new CliError(`"--set ${setting}" sets nothing; write it like --set plan=pro`)
      }
      return [name, parseValue(value)]
    }),
  )
}

function parseValue(value: string): Json {
  try {
    return JSON.parse(value) as Json
  } catch {
    return value
  }
}
