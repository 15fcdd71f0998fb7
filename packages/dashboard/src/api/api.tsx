// The one way to the server: the typed client, handed down so that tests can bring their own.

import type { Client } from '@bookend/sdk/client'
import { createContext, use } from 'react'

const ApiContext = createContext<Client | null>(null)

export const ApiProvider = ApiContext.Provider

export function useApi(): Client {
  const client = use(ApiContext)
  if (client === null) throw new Error('useApi needs an ApiProvider above it')
  return client
}
