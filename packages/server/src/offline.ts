// What the command line needs of the server without running one; it loads a third as much.

export { compareAnswers } from './precall/backtest/compare-answers.ts'
export { checkFolder } from './workflows/check-folder.ts'
export { loadWorkflowFile } from './workflows/load-file.ts'
