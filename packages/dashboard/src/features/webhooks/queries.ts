import type { Delivery, RouteInput, Subscription } from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { useLive } from '../../live/live.tsx'

const LIST_ROWS = 200
const DELIVERY_ROWS = 50
/** How an endpoint fares changes with every delivery, and the stream tells of its settings only. */
const HEALTH_EVERY_MS = 10_000

export function useWebhooks(): UseQueryResult<readonly Subscription[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['webhooks'],
    refetchInterval: HEALTH_EVERY_MS,
    queryFn: async ({ signal }) =>
      (await api.call('listWebhooks', { query: { limit: LIST_ROWS } }, { signal })).webhooks,
  })
}

export function useWebhook(id: string): UseQueryResult<Subscription> {
  const api = useApi()
  return useQuery({
    queryKey: ['webhook', id],
    refetchInterval: HEALTH_EVERY_MS,
    queryFn: ({ signal }) => api.call('getWebhook', { params: { endpoint_id: id } }, { signal }),
  })
}

export function useEndpointDeliveries(id: string): UseQueryResult<readonly Delivery[]> {
  const api = useApi()
  const { pollMs } = useLive()
  return useQuery({
    queryKey: ['deliveries', id],
    refetchInterval: pollMs,
    queryFn: async ({ signal }) => {
      const input = { params: { endpoint_id: id }, query: { limit: DELIVERY_ROWS } }
      return (await api.call('listDeliveries', input, { signal })).deliveries
    },
  })
}

export function useCreateWebhook() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: RouteInput<'createWebhook'>['body']) => api.call('createWebhook', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  })
}

export function useUpdateWebhook(id: string) {
  const api = useApi()
  const reread = useReread(id)
  return useMutation({
    mutationFn: (body: RouteInput<'updateWebhook'>['body']) =>
      api.call('updateWebhook', { params: { endpoint_id: id }, body }),
    onSuccess: reread,
  })
}

export function useDeleteWebhook() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.call('deleteWebhook', { params: { endpoint_id: id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  })
}

export function useTestWebhook(id: string) {
  const api = useApi()
  const reread = useReread(id)
  return useMutation({
    mutationFn: () => api.call('testWebhook', { params: { endpoint_id: id } }),
    onSuccess: reread,
  })
}

export function useResendDead(id: string) {
  const api = useApi()
  const reread = useReread(id)
  return useMutation({
    mutationFn: () => api.call('resendDead', { params: { endpoint_id: id }, body: {} }),
    onSuccess: reread,
  })
}

/** A dry run only counts. */
export function useReplayWebhook(id: string) {
  const api = useApi()
  const reread = useReread(id)
  return useMutation({
    mutationFn: (body: RouteInput<'replayWebhook'>['body']) =>
      api.call('replayWebhook', { params: { endpoint_id: id }, body }),
    onSuccess: reread,
  })
}

/** Asked for on demand and kept out of the cache, so that it is gone with the screen. */
export function useWebhookSecret() {
  const api = useApi()
  return useMutation({
    gcTime: 0,
    mutationFn: (id: string) => api.call('getWebhookSecret', { params: { endpoint_id: id } }),
  })
}

export function useRotateSecret(id: string) {
  const api = useApi()
  return useMutation({
    gcTime: 0,
    mutationFn: () => api.call('rotateWebhookSecret', { params: { endpoint_id: id } }),
  })
}

/** An answer to a write leaves out how the endpoint fares, so it is read again. */
function useReread(id: string): () => Promise<unknown> {
  const client = useQueryClient()
  return () =>
    Promise.all(
      [['webhook', id], ['webhooks'], ['deliveries']].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    )
}
