// From a syntax tree to a function, with types.
//
//   node ─▶ its parts compiled ─▶ types fit? ─▶ closure over the parts'
//
// C1. What the compiler does not name does not exist: no globals, no properties but a value's own.
// C2. A name that is wrong is found here, not in a call: with the place and what would be right.
// C3. Data from outside has the type `any`, and is checked when it comes.

import { compileCall } from './compile-call.ts'
import { compileMacro, isMacro } from './compile-macro.ts'
import { compileField, compileItem, compileLiteral, compileName } from './compile-names.ts'
import {
  compileArithmetic,
  compileChoice,
  compileComparison,
  compileEquality,
  compileIn,
  compileList,
  compileLogic,
  compileMap,
  compileMinus,
  compileNot,
} from './compile-operators.ts'
import type { Compiler } from './compiler.ts'
import { ExpressionError } from './expression-error.ts'
import type { SyntaxNode } from './parse-expression.ts'
import type { Compiled } from './scope.ts'

export function compileNode(compiler: Compiler, node: SyntaxNode): Compiled {
  switch (node.op) {
    case 'value':
      return compileLiteral(node)
    case 'id':
      return compileName(compiler, node)
    case '.':
      return compileField(compiler, node)
    case '[]':
      return compileItem(compiler, node)
    case 'list':
      return compileList(compiler, node)
    case 'map':
      return compileMap(compiler, node)
    case '?:':
      return compileChoice(compiler, node)
    case '&&':
    case '||':
      return compileLogic(compiler, node)
    case '!_':
      return compileNot(compiler, node)
    case '-_':
      return compileMinus(compiler, node)
    case '==':
    case '!=':
      return compileEquality(compiler, node)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileComparison(compiler, node, node.op)
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return compileArithmetic(compiler, node, node.op)
    case 'in':
      return compileIn(compiler, node)
    case 'call':
    case 'rcall':
      return isMacro(node) ? compileMacro(compiler, node) : compileCall(compiler, node)
    default:
      throw new ExpressionError('this form of expression is not part of the language', node)
  }
}
