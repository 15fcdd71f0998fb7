import type { Delivery, RouteInput, Subscription } from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { useLive } from '../../live/live.tsx'

const LIST_ROWS = 200
const DELIVERY_ROWS = 50

export function useWebhooks(): UseQueryResult<readonly Subscription[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['webhooks'],
    queryFn: async ({ signal }) =>
      (await api.call('listWebhooks', { query: { limit: LIST_ROWS } }, { signal })).webhooks,
  })
}

export function useWebhook(id: string): UseQueryResult<Subscription> {
  const api = useApi()
  return useQuery({
    queryKey: ['webhook', id],
    queryFn: ({ signal }) => api.call('getWebhook', { params: { endpoint_id: id } }, { signal }),
  })
}

export function useDeliveries(id: string): UseQueryResult<readonly Delivery[]> {
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

export function useEnableWebhook(id: string) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (enabled: boolean) =>
      api.call('updateWebhook', { params: { endpoint_id: id }, body: { enabled } }),
    onSuccess: (webhook) => {
      client.setQueryData(['webhook', id], webhook)
      return client.invalidateQueries({ queryKey: ['webhooks'] })
    },
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

/** Asked for on demand and kept out of the cache, so that it is gone with the screen. */
export function useWebhookSecret() {
  const api = useApi()
  return useMutation({
    gcTime: 0,
    mutationFn: (id: string) => api.call('getWebhookSecret', { params: { endpoint_id: id } }),
  })
}
