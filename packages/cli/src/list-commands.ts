import { isGroup, loadEntry, type Command, type CommandGroup } from './command.ts'

/** One line of what can be typed. */
export interface ListedCommand {
  /** Such as `runs retry`; empty for `bookend` itself. */
  readonly path: string
  readonly target: Command | CommandGroup
}

/** The group and everything below it, all loaded, each group before its commands. */
export async function listCommands(group: CommandGroup, path = ''): Promise<ListedCommand[]> {
  const listed: ListedCommand[] = [{ path, target: group }]
  for (const [name, entry] of Object.entries(group.commands)) {
    const below = path === '' ? name : `${path} ${name}`
    const target = await loadEntry(entry)
    listed.push(
      ...(isGroup(target) ? await listCommands(target, below) : [{ path: below, target }]),
    )
  }
  return listed
}
