// Where nodes are drawn. Computed, never stored: one graph has one picture.

import dagre from '@dagrejs/dagre'
import type { Graph } from './graph.ts'

/** In pixels; a picture that goes down is for narrow screens. */
export const NODE_WIDTH = { right: 200, down: 152 } as const
export const NODE_HEIGHT = 44
const NODE_GAP = 24
const RANK_GAP = 48

export interface Layout {
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>
  readonly width: number
  readonly height: number
}

export type Direction = keyof typeof NODE_WIDTH

/** Places are of the upper left corners. */
export function layoutGraph({ nodes, edges }: Graph, direction: Direction): Layout {
  const nodeWidth = NODE_WIDTH[direction]
  const drawing = new dagre.graphlib.Graph()
  drawing.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: NODE_GAP,
    ranksep: RANK_GAP,
  })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) drawing.setNode(id, { width: nodeWidth, height: NODE_HEIGHT })
  for (const { from, to } of edges) drawing.setEdge(from, to)
  dagre.layout(drawing)
  const places = new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = drawing.node(id)
      return [id, { x: x - nodeWidth / 2, y: y - NODE_HEIGHT / 2 }]
    }),
  )
  const { width = 0, height = 0 } = drawing.graph()
  return { places, width, height }
}
