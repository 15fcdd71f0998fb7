import { Link } from '@tanstack/react-router'

/** The way back, beside the name. */
export function AboveEditor({ name, isNew }: { name: string; isNew: boolean }) {
  const look = 'hover:text-text hover:underline'
  return (
    <>
      <Link to="/workflows" className={look}>
        Workflows
      </Link>
      {!isNew && (
        <>
          {' / '}
          <Link to="/workflows/$name" params={{ name }} className={look}>
            {name}
          </Link>
        </>
      )}
    </>
  )
}
