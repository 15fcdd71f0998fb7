import { getRouteApi, Link } from '@tanstack/react-router'
import { Empty } from '../../ui/empty.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useMay } from '../session/may.ts'
import { Audit } from './audit.tsx'
import { Keys } from './keys.tsx'
import { People } from './people.tsx'
import { Privacy } from './privacy.tsx'
import { Retention } from './retention.tsx'
import { isSection, type Section, sections } from './search.ts'
import { Telemetry } from './telemetry.tsx'

const route = getRouteApi('/settings/$section')

export function SettingsScreen() {
  const { section: given } = route.useParams()
  const section = isSection(given) ? given : 'keys'
  const isAdmin = useMay('admin')
  return (
    <>
      <PageTitle title="Settings" tabTitle={`Settings: ${sections[section]}`} />
      <nav aria-label="Settings" className="mb-4 overflow-x-auto border-b border-border">
        <ul className="flex gap-1">
          {Object.entries(sections).map(([name, title]) => (
            <li key={name}>
              <Link
                to="/settings/$section"
                params={{ section: name }}
                className="-mb-px flex h-9 items-center border-b-2 border-transparent px-3 -outline-offset-2 whitespace-nowrap text-muted hover:text-text aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-text"
              >
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {isAdmin || section === 'telemetry' ? (
        <SectionBody section={section} />
      ) : (
        <Empty title="Only an admin sees this">
          <p>You may use what is set here, and not change it. Ask an admin of your workspace.</p>
        </Empty>
      )}
    </>
  )
}

function SectionBody({ section }: { section: Section }) {
  switch (section) {
    case 'keys':
      return <Keys />
    case 'people':
      return <People />
    case 'retention':
      return <Retention />
    case 'privacy':
      return <Privacy />
    case 'audit':
      return <Audit />
    case 'telemetry':
      return <Telemetry />
  }
}
