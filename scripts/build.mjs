// Builds what changed since the last build: packages and examples with tsc, the dashboard with vite.
//
//   sources ─▶ digest ─▶ same as the stamp, outputs there? ─▶ nothing, else build ─▶ stamp
//
// B1. A digest covers contents, not times: a checkout that touches files builds nothing.
// B2. A stamp also names what tsc left behind, so that another build in between is noticed.
// B3. A missing output is built again, though tsc's own records say it is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...parts) => join(root, ...parts)
const bin = (name) => at('node_modules', '.bin', name)
const stampFile = at('node_modules', '.cache', 'bookend', 'build.json')

const SKIPPED = new Set(['node_modules', 'dist', 'coverage'])

/** Every file below, in one order on every machine. */
function* walk(path) {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory()) {
    yield path
    return
  }
  for (const name of readdirSync(path).toSorted()) {
    if (!SKIPPED.has(name) && !name.endsWith('.tsbuildinfo')) yield* walk(join(path, name))
  }
}

function digest(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap((path) => [...walk(path)])) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** Folders that tsc builds: those of the root's references, and examples that have a tsconfig. */
function findProjects() {
  const { references } = JSON.parse(readFileSync(at('tsconfig.json'), 'utf8'))
  const examples = readdirSync(at('examples')).map((name) => `examples/${name}`)
  const folders = [...references.map(({ path }) => path.replace(/^\.\//, '')), ...examples]
  return [...new Set(folders)].filter((folder) => existsSync(at(folder, 'tsconfig.json')))
}

function run(name, command, args, cwd) {
  // Whatever the caller runs as: what is built is what is shipped.
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', env })
  if (status !== 0)
    throw new Error(`${name} could not be built${error ? `: ${error.message}` : ''}`)
}

function buildPackages(projects) {
  const isWhole = projects.every((folder) => existsSync(at(folder, 'dist')))
  const flags = isWhole ? [] : ['--force']
  run('the packages', bin('tsc'), ['-b', ...projects, ...flags], root)
}

function buildTargets() {
  const projects = findProjects()
  const settings = [at('tsconfig.json'), at('tsconfig.base.json'), at('package-lock.json')]
  const contract = [at('packages/contract/src'), at('packages/sdk/src'), at('packages/core/src')]
  return [
    {
      name: 'packages',
      outputs: projects.map((folder) => at(folder, 'dist')),
      sources: [...settings, ...projects.map((folder) => at(folder))],
      left: () => projects.map((folder) => changedAt(at(folder, 'tsconfig.tsbuildinfo'))).join(),
      build: () => buildPackages(projects),
    },
    {
      name: 'dashboard',
      outputs: [at('packages/dashboard/dist/index.html')],
      sources: [...settings, ...contract, at('packages/dashboard')],
      left: () => String(changedAt(at('packages/dashboard/dist/index.html'))),
      build: () =>
        run(
          'the dashboard',
          bin('vite'),
          ['build', '--logLevel', 'warn'],
          at('packages/dashboard'),
        ),
    },
  ]
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return {}
  }
}

/** @returns The names of what had to be built. */
export function build(print = (line) => process.stdout.write(`${line}\n`)) {
  const stamps = readStamps()
  const built = []
  for (const { name, outputs, sources, left, build: make } of buildTargets()) {
    const hash = digest(sources)
    const stamp = `${hash} ${left()}`
    if (stamps[name] === stamp && outputs.every((path) => existsSync(path))) continue
    print(`building the ${name}${stamps[name] === undefined ? ', for the first time' : ''} …`)
    const startedAt = performance.now()
    make()
    print(`built the ${name} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
    stamps[name] = `${hash} ${left()}`
    mkdirSync(join(stampFile, '..'), { recursive: true })
    writeFileSync(stampFile, JSON.stringify(stamps))
    built.push(name)
  }
  return built
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    if (build().length === 0) process.stdout.write('nothing to build\n')
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
