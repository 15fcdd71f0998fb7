// A graph to look at and to choose from. Nodes are buttons in the order of the workflow, so that the
// keyboard and a screen reader go through it as through a list.

import {
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useMemo, useRef } from 'react'
import { useWidth } from '../../runs/use-width.ts'
import type { Graph, GraphEdge, GraphNode } from './graph.ts'
import './graph.css'
import { type Direction, layoutGraph, NODE_HEIGHT, NODE_WIDTH } from './layout.ts'
import { NodeFace } from './node-face.tsx'

interface StepGraphProps {
  graph: Graph
  label: string
  /** The name of a step. */
  selected: string | undefined
  onSelect: (step: string) => void
}

const NARROW_PX = 640
const HEIGHT_MIN_PX = 180
const HEIGHT_MAX_PX = 480
const EDGE_PADDING_PX = 48
/** Leaves room for the controls. */
const FIT_PADDING = {
  right: { left: '56px', right: '24px', top: '16px', bottom: '24px' },
  down: { left: '12px', right: '12px', top: '16px', bottom: '56px' },
} as const

type FaceNode = Node<{ face: GraphNode; isSelected: boolean; onSelect: (step: string) => void }>

const nodeTypes = {
  face: ({ data, targetPosition, sourcePosition }: NodeProps<FaceNode>) => (
    <>
      <Handle type="target" position={targetPosition ?? Position.Left} isConnectable={false} />
      <NodeFace face={data.face} isSelected={data.isSelected} onSelect={data.onSelect} />
      <Handle type="source" position={sourcePosition ?? Position.Right} isConnectable={false} />
    </>
  ),
}

export function StepGraph({ graph, label, selected, onSelect }: StepGraphProps) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const direction: Direction = width > 0 && width < NARROW_PX ? 'down' : 'right'
  const layout = useMemo(() => layoutGraph(graph, direction), [graph, direction])
  const nodes = graph.nodes.map((face): FaceNode => {
    const place = layout.places.get(face.id) ?? { x: 0, y: 0 }
    const data = { face, isSelected: face.id === selected, onSelect }
    return { ...toNode(face.id, place, direction), data }
  })
  const edges = graph.edges.map(toEdge)
  const height = Math.min(Math.max(layout.height + EDGE_PADDING_PX, HEIGHT_MIN_PX), HEIGHT_MAX_PX)
  return (
    <section ref={frame} aria-label={label} style={{ height }} className="bk-graph">
      <ReactFlow
        // Fitted anew when the picture is another one.
        key={`${direction} ${graph.nodes.map(({ id }) => id).join()}`}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ maxZoom: 1, minZoom: 0.4, padding: FIT_PADDING[direction] }}
        minZoom={0.2}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        disableKeyboardA11y
      >
        <Controls
          showInteractive={false}
          orientation={direction === 'right' ? 'vertical' : 'horizontal'}
        />
      </ReactFlow>
    </section>
  )
}

function toNode(id: string, position: { x: number; y: number }, direction: Direction) {
  const isRight = direction === 'right'
  return {
    id,
    type: 'face',
    position,
    width: NODE_WIDTH[direction],
    height: NODE_HEIGHT,
    targetPosition: isRight ? Position.Left : Position.Top,
    sourcePosition: isRight ? Position.Right : Position.Bottom,
  } satisfies Omit<FaceNode, 'data'>
}

const toEdge = ({ from, to, way }: GraphEdge): Edge => ({
  id: `${from} to ${to}`,
  source: from,
  target: to,
  className: `bk-edge-${way}`,
  markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--bk-control)', width: 16, height: 16 },
})
