export function WorkflowsScreen() {
  return null
}
