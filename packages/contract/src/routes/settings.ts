import * as settings from '../settings.ts'
import { none } from './route.ts'
import type { Route } from './route.ts'

export const settingsRoutes = {
  getSettings: {
    method: 'GET',
    path: '/settings',
    tag: 'Settings',
    scope: 'read',
    summary: 'What the workspace keeps for how long, and shows masked to whom',
    query: none,
    status: 200,
    response: settings.Settings,
  },
  updateSettings: {
    method: 'PATCH',
    path: '/settings',
    tag: 'Settings',
    scope: 'admin',
    summary: 'Change how long things are kept, or to whom personal data is shown masked',
    body: settings.SettingsUpdate,
    status: 200,
    response: settings.Settings,
  },
  previewRetention: {
    method: 'POST',
    path: '/settings/retention/preview',
    tag: 'Settings',
    scope: 'admin',
    summary: 'Count what would be deleted with these days; nothing is',
    body: settings.RetentionUpdate,
    status: 200,
    response: settings.RetentionPreview,
  },
} as const satisfies Record<string, Route>
