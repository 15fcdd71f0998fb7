/** A variable that is set to nothing counts as not set. */
export const readEnv = (env: NodeJS.ProcessEnv, name: string): string | undefined =>
  env[name]?.trim() || undefined
