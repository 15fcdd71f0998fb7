import type { z } from 'zod'

/** `settings.base_url: Invalid URL`: where and what is wrong, never the value that is. */
export function describeIssue(within: string, { path, message }: z.core.$ZodIssue): string {
  return `${[within, ...path].map(String).join('.')}: ${message}`
}
