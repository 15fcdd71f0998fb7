import type { Place, Word } from './words.ts'

/** For zsh, with what each word is for; where nothing is known, names of files are offered. */
export function renderZsh(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) => {
    return `    '${path}') choices=(${words.map(renderWord).join(' ')}) ;;`
  })
  const valued = places
    .flatMap(({ words }) => words.filter(({ isValued }) => isValued))
    .map(({ word }) => word)
  return `#compdef bookend
# Completion of bookend for zsh: bookend completion zsh > "\${fpath[1]}/_bookend"
_bookend_choices() {
  case "$1" in
${cases.join('\n')}
    *) choices=() ;;
  esac
}
_bookend() {
  local -a choices found
  local at='' typed
  case "\${words[CURRENT-1]}" in ${[...new Set(valued)].join('|')}) _files; return ;; esac
  for typed in "\${(@)words[2,CURRENT-1]}"; do
    _bookend_choices "$at"
    found=(\${(M)choices:#\${typed}:*})
    [[ "$typed" == -* || $#found == 0 ]] && break
    at="\${at:+$at }$typed"
  done
  _bookend_choices "$at"
  _describe bookend choices || _files
}
if [[ "$funcstack[1]" == _bookend ]]; then _bookend; else compdef _bookend bookend; fi`
}

const renderWord = ({ word, description }: Word): string =>
  `'${word}:${description.replaceAll("'", "'\\''")}'`
