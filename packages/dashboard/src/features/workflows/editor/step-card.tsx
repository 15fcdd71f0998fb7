import { lazy, Suspense } from 'react'
import { Card } from '../../../ui/card.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import type { PlacedStep } from './find-steps.ts'

const StepForm = lazy(() =>
  import('../form/step-form.tsx').then((loaded) => ({ default: loaded.StepForm })),
)

interface StepCardProps {
  workflow: string
  text: string
  /** The selected one. */
  step: PlacedStep | null
  isReadOnly: boolean
  onEdit: (text: string) => void
  onRename: (text: string, name: string) => void
}

export function StepCard({ step, ...rest }: StepCardProps) {
  if (step === null) {
    return (
      <Card title="Step">
        <p className="text-muted">Choose a step in the graph or in the text to see it as a form.</p>
      </Card>
    )
  }
  return (
    <Card title={`Step ${step.name}`} flush>
      <Suspense
        fallback={
          <div className="p-4">
            <Skeleton what="the form" rows={3} />
          </div>
        }
      >
        <StepForm section={step.section} step={step.name} {...rest} />
      </Suspense>
    </Card>
  )
}
