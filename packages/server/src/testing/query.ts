import pg from 'pg'

/** Runs one statement on a connection of its own and returns its rows. */
export async function query(
  { url }: { readonly url: string },
  statement: string,
  values: readonly unknown[] = [],
): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement, [...values])).rows
  } finally {
    await client.end()
  }
}
