import { Card } from '../../ui/card.tsx'

/** Where figures and the API's own description are. */
export function Telemetry() {
  return (
    <Card title="Telemetry">
      <dl className="grid gap-4">
        {LINKS.map(({ href, title, about }) => (
          <div key={href}>
            <dt>
              <a href={href} className="font-semibold text-accent underline">
                {title}
              </a>
            </dt>
            <dd className="max-w-prose text-muted">{about}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

const LINKS = [
  {
    href: '/metrics',
    title: 'Metrics',
    about:
      'In the form of Prometheus. They answer the server’s own machine; from elsewhere they ask for BOOKEND_METRICS_TOKEN.',
  },
  {
    href: '/readyz',
    title: 'Readiness',
    about: 'Whether database, engine and workers are ready, each by name.',
  },
  { href: '/docs', title: 'API reference', about: 'Every route, with what it takes and answers.' },
  {
    href: '/openapi.json',
    title: 'OpenAPI document',
    about: 'The same for programs, to generate a client from.',
  },
] as const
