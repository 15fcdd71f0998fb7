import './without-eval.ts'
import { createClient } from '@bookend/sdk/client'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/query-client.ts'
import { App } from './app/app.tsx'
import { createAppRouter } from './app/router.tsx'
import './theme/app.css'
import { applyTheme } from './theme/use-theme.ts'

applyTheme()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <App
      client={createClient({ baseUrl: window.location.origin })}
      queryClient={createQueryClient()}
      router={createAppRouter()}
    />
  </StrictMode>,
)
