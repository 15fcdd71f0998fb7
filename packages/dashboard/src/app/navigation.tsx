import { Link, useLocation } from '@tanstack/react-router'
import {
  Bot,
  Hash,
  House,
  Phone,
  Plug,
  RadioTower,
  Send,
  Settings,
  UserRound,
  Webhook,
  Workflow,
} from 'lucide-react'
import { useEffect, useRef } from 'react'

const SCREENS = [
  { to: '/', name: 'Home', icon: House },
  { to: '/calls', name: 'Calls', icon: Phone },
  { to: '/handoffs', name: 'Handoffs', icon: UserRound },
  { to: '/agents', name: 'Agents', icon: Bot },
  { to: '/workflows', name: 'Workflows', icon: Workflow },
  { to: '/connections', name: 'Connections', icon: Plug },
  { to: '/platforms', name: 'Platforms', icon: RadioTower },
  { to: '/numbers', name: 'Numbers', icon: Hash },
  { to: '/webhooks', name: 'Webhooks', icon: Webhook },
  { to: '/deliveries', name: 'Deliveries', icon: Send },
  { to: '/settings', name: 'Settings', icon: Settings },
] as const

export function Navigation() {
  const list = useRef<HTMLUListElement>(null)
  const path = useLocation({ select: ({ pathname }) => pathname })
  // On a narrow screen the list scrolls sideways, and the screen that is shown may be out of sight.
  useEffect(() => {
    const current = list.current?.querySelector(`[aria-current="page"]`)
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [path])
  return (
    <nav aria-label="Main" className="min-w-0">
      <ul ref={list} className="flex overflow-x-auto p-1 sm:gap-1 lg:flex-col">
        {SCREENS.map(({ to, name, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact: to === '/' }}
              className="flex h-8 items-center gap-2 rounded-control px-1.5 sm:px-2 text-muted hover:bg-sunken hover:text-text aria-[current=page]:bg-sunken aria-[current=page]:font-semibold aria-[current=page]:text-text"
            >
              <Icon className="size-4 max-sm:hidden" aria-hidden="true" />
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
