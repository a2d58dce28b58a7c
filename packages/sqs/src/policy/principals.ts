/** Who asks: an access key is a user of its account. */
export interface Principal {
  /** Twelve digits. */
  readonly accountId: string
  readonly arn: string
}

/** The `Principal` or `NotPrincipal` of a statement. */
export interface Principals {
  /** How many it names. */
  readonly count: number
  includes(principal: Principal): boolean
}

const ACCOUNT = /^\d{12}$/
const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/
const ARN = /^arn:aws[a-z-]*:((?:iam|sts)::\d{12}:[\w+=,.@/-]+)$/
/** What Amazon shows of a user or role that was deleted. Nobody has it here. */
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,}$/
const OTHER_KINDS: ReadonlySet<string> = new Set(['Service', 'Federated', 'CanonicalUser'])

/**
 * Reads `"*"`, or an object of accounts, ARNs, services and identity providers. Whether they exist is not asked: an account is
 * there as soon as it has a key. No request comes from a service or an identity provider, so these match nobody.
 * @returns `undefined` when it is none of these
 */
export function readPrincipals(
  value: unknown,
  toTexts: (value: unknown) => string[] | undefined,
): Principals | undefined {
  if (value === '*') return { count: 1, includes: () => true }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const accounts = new Set<string>()
  const arns = new Set<string>()
  let isEverybody = false
  let count = 0
  for (const [kind, given] of Object.entries(value)) {
    const names = toTexts(given)
    if (names === undefined) return undefined
    count += names.length
    if (OTHER_KINDS.has(kind)) continue
    if (kind !== 'AWS') return undefined
    for (const name of names) {
      const account = ACCOUNT.test(name) ? name : ROOT.exec(name)?.[1]
      const arn = ARN.exec(name)?.[1]
      if (name === '*') isEverybody = true
      else if (account !== undefined) accounts.add(account)
      else if (arn !== undefined) arns.add(arn)
      else if (!UNIQUE_ID.test(name)) return undefined
    }
  }
  if (count === 0) return undefined
  return {
    count,
    includes: ({ accountId, arn }) =>
      isEverybody || accounts.has(accountId) || (arns.size > 0 && arns.has(ARN.exec(arn)?.[1] ?? '')),
  }
}
