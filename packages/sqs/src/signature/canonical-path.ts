import { encodePath } from './percent-encoding.ts'

/** One way in which a client may have signed the path. */
export interface CanonicalPath {
  /** What stands in the canonical request. */
  readonly signed: string
  /** What the request then asks for. */
  readonly path: string
}

/**
 * The ways to sign a path, the usual one first. SDKs sign the encoding of the path they send, so a path with a `%` is signed
 * twice encoded; other clients sign it as sent. Some normalise it first, and only in the signature.
 */
export function* canonicalPaths(rawPath: string): Generator<CanonicalPath> {
  const path = rawPath === '' ? '/' : rawPath
  yield { signed: path, path }
  const encoded = encodePath(path)
  if (encoded !== path) yield { signed: encoded, path }
  const normalised = normalisePath(path)
  if (normalised === path) return
  yield { signed: normalised, path: normalised }
  const encodedNormalised = encodePath(normalised)
  if (encodedNormalised !== normalised) yield { signed: encodedNormalised, path: normalised }
}

/** Removes `//`, `.` and `..`. */
function normalisePath(path: string): string {
  const kept: string[] = []
  const segments = path.split('/')
  for (const segment of segments) {
    if (segment === '' || segment === '.') continue
    if (segment === '..') kept.pop()
    else kept.push(segment)
  }
  const endsInside = kept.length > 0 && segments.at(-1) === ''
  return `/${kept.join('/')}${endsInside ? '/' : ''}`
}
