const fieldsOf = (error: unknown): Readonly<Record<string, unknown>> =>
  typeof error === 'object' && error !== null ? { ...error } : {}

/** One sentence for a person, with the remedy where there is one. */
export function explain(error: unknown): string {
  const { code, port } = fieldsOf(error)
  if (code === 'EADDRINUSE') {
    return `Port ${String(port)} is taken; set CLINIC_DESK_PORT or CLINIC_MAIL_PORT to another`
  }
  if (code === 'ECONNREFUSED' || code === 'ENOENT') {
    return 'The database does not answer; see CLINIC_DATABASE_URL'
  }
  const cause = error instanceof Error ? error.cause : undefined
  if (fieldsOf(cause)['code'] === 'ECONNREFUSED') {
    return 'Bookend does not answer; see BOOKEND_URL, and start it first'
  }
  return error instanceof Error ? error.message : String(error)
}
