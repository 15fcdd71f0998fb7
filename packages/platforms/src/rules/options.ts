// What every connection's settings have in common.

import { z } from 'zod'

/** A setting that is stored sealed and never shown again. */
export const secretText = () => z.string().min(1).max(1_024).meta({ secret: true })

export const commonOptions = {
  /** Tell the prompt, through reserved parameters, of outcomes that the platform cannot express. */
  outcome_parameters: z.boolean().default(false),
  /** `digits`: the carrier sends whole numbers without their `+`. */
  number_format: z.enum(['e164', 'digits']).default('e164'),
}

/** How long a workflow may take. */
export const budget = (defaultMs: number, maxMs: number) =>
  z.number().int().min(100).max(maxMs).default(defaultMs)

export const httpsUrl = () => z.url({ protocol: /^https$/ }).max(2_048)

/** Names of the settings that hold secrets, at any depth, as dotted paths. */
export function secretPaths(schema: z.ZodType, path: readonly string[] = []): readonly string[] {
  if (schema.meta()?.['secret'] === true) return [path.join('.')]
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape as Record<string, z.ZodType>)
    return shape.flatMap(([name, field]) => secretPaths(field, [...path, name]))
  }
  if (schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodUnion) {
    const members = schema.options as readonly z.ZodType[]
    return [...new Set(members.flatMap((member) => secretPaths(member, path)))]
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  ) {
    return secretPaths(schema.unwrap() as z.ZodType, path)
  }
  return []
}
