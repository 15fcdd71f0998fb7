export function NewAgentScreen() {
  return null
}
