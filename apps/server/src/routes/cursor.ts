import { HttpProblem } from '../http/problem.ts'

/** The cursor that continues a list after a name. */
export function cursorAfter(name: string): string {
  return Buffer.from(name).toString('base64url')
}

/** The name after which a cursor continues. Answers `invalidRequest` to what is not a cursor of ours. */
export function nameAfter(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString()
  if (name !== '' && cursorAfter(name) === cursor) return name
  throw new HttpProblem('invalidRequest', '"cursor" is not one that this server has issued.', 'cursor')
}
