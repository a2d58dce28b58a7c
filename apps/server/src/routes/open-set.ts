import { type TUnsafe, Type } from 'typebox'

/**
 * Values of which more may come. For clients it is text of which these are known today, so that one that was made from an older
 * document reads the answers of a newer server; what is sent must be one of them.
 */
export function OpenSet<T extends string>(values: readonly T[], options: object): TUnsafe<T> {
  return Type.Unsafe<T>(Type.String({ ...options, 'x-extensible-enum': [...values] }))
}
