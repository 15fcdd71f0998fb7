import type { Place } from './words.ts'

/** For bash from 3.2 on; where nothing is known, names of files are offered. */
export function renderBash(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) => {
    return `    '${path}') printf '%s' '${words.map(({ word }) => word).join(' ')}' ;;`
  })
  const valued = [
    ...new Set(places.flatMap(({ words }) => words.filter(({ isValued }) => isValued))),
  ].map(({ word }) => word)
  return `# Completion of bookend for bash: source <(bookend completion bash)
_bookend_words() {
  case "$1" in
${cases.join('\n')}
  esac
}
_bookend() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path='' word i
  COMPREPLY=()
  case "$before" in ${[...new Set(valued)].join('|')}) return ;; esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case " $(_bookend_words "$path") " in *" $word "*) ;; *) break ;; esac
    case "$word" in -*) break ;; esac
    path="\${path:+$path }$word"
  done
  COMPREPLY=($(compgen -W "$(_bookend_words "$path")" -- "$current"))
}
complete -o default -F _bookend bookend`
}
