import type { Delivery, RouteAnswer } from '@bookend/contract'
import {
  type InfiniteData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { useLive } from '../../live/live.tsx'
import type { DeliveriesSearch } from './search.ts'

const PAGE_ROWS = 50
/** The stream tells of a delivery when it ends; between two attempts the screen asks by itself. */
const PENDING_EVERY_MS = 2_000

/** Across endpoints, newest first. */
export function useDeliveries({
  status,
  endpoint,
  type,
}: DeliveriesSearch): UseInfiniteQueryResult<InfiniteData<RouteAnswer<'searchDeliveries'>>> {
  const api = useApi()
  const { pollMs } = useLive()
  return useInfiniteQuery({
    queryKey: ['deliveries', { status, endpoint, type }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(
        'searchDeliveries',
        {
          query: {
            limit: PAGE_ROWS,
            cursor: pageParam,
            status,
            endpoint_id: endpoint,
            event_type: type,
          },
        },
        { signal },
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: pollMs,
  })
}

/** One delivery with what was answered; `id` null asks nothing. */
export function useDelivery(id: string | null): UseQueryResult<Delivery> {
  const api = useApi()
  return useQuery({
    queryKey: ['deliveries', 'one', id],
    enabled: id !== null,
    queryFn: ({ signal }) => api.call('getDelivery', { params: { id: id ?? '' } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? PENDING_EVERY_MS : false),
  })
}

export function useResendDelivery(id: string) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.call('resendDelivery', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['deliveries'] }),
  })
}
