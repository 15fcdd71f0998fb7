import type { RouteAnswer, RouteName, RouteRequest, Scope } from '@bookend/contract'
import type { FastifyRequest } from 'fastify'

export type RequestHeaders = FastifyRequest['headers']

/** Who asks: the key decides the workspace (threats C13). */
export interface Access {
  readonly workspaceId: string
  readonly scopes: readonly Scope[]
  readonly keyId: string
  readonly keyLabel: string
  /** Whose key it is; null: a program's. */
  readonly personId: string | null
  /** Personal data is shown masked (M1). */
  readonly isMasked: boolean
}

export interface Asked {
  readonly headers: RequestHeaders
  /** Monotonic milliseconds at which the request arrived. */
  readonly receivedAtMs: number
  setHeader(name: string, value: string): void
}

export type Handler<N extends RouteName> = (
  request: RouteRequest<N> & { readonly access: Access; readonly asked: Asked },
) => Promise<RouteAnswer<N>>

/** One handler for each route of the contract's table. */
export type Handlers = { readonly [N in RouteName]: Handler<N> }
