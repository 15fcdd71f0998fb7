import { Monitor, Moon, Sun } from 'lucide-react'
import { type Theme, themes, useTheme } from '../theme/use-theme.ts'

const ICONS = { system: Monitor, light: Sun, dark: Moon } as const satisfies Record<Theme, unknown>
const WORDS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const

export function ThemeSwitch() {
  const [theme, choose] = useTheme()
  return (
    <fieldset aria-label="Theme" className="inline-flex rounded-control bg-sunken p-0.5">
      {themes.map((each) => {
        const Icon = ICONS[each]
        return (
          <button
            key={each}
            type="button"
            aria-pressed={theme === each}
            title={WORDS[each]}
            onClick={() => choose(each)}
            className="inline-flex size-6 items-center justify-center rounded-[4px] text-muted hover:text-text aria-pressed:bg-surface aria-pressed:text-text aria-pressed:ring-1 aria-pressed:ring-border"
          >
            <Icon className="size-3.5" aria-hidden="true" />
            <span className="sr-only">{WORDS[each]}</span>
          </button>
        )
      })}
    </fieldset>
  )
}
