import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'

const ROOT = new URL('../../../../', import.meta.url)
/** Where the examples expect the services of the cluster. */
const STANCHION = 'http://stanchion.default.svc:9324'
const PROMETHEUS = 'http://prometheus.monitoring.svc:9090'

/** What the real services and secrets are that a manifest names. */
export interface Cluster {
  readonly stanchionUrl: string
  readonly prometheusUrl?: string
  readonly accessKey?: { readonly id: string; readonly secret: string }
}

export interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  // biome-ignore lint/suspicious/noExplicitAny: each kind has a shape of its own, and the test says which parts it needs
  readonly [member: string]: any
}

/** The manifests of a file, with the addresses and secrets of a test in the place of those of the example. */
export function readManifests(path: string, cluster: Cluster): Manifest[] {
  const { stanchionUrl, prometheusUrl = PROMETHEUS, accessKey = { id: 'any', secret: 'any' } } = cluster
  const text = readFileSync(new URL(path, ROOT), 'utf8')
    .replaceAll(STANCHION, stanchionUrl)
    .replaceAll(PROMETHEUS, prometheusUrl)
    .replaceAll('<id>', accessKey.id)
    .replaceAll('<secret>', accessKey.secret)
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]
    return document.toJS()
  })
}

export function only(manifests: readonly Manifest[], kind: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind)
  if (found.length !== 1) throw new Error(`there are ${found.length} of the kind ${kind}`)
  return found[0] as Manifest
}

/** The one trigger of a ScaledObject, with the values that its TriggerAuthentication takes from secrets. */
export function readTrigger(manifests: readonly Manifest[]): {
  type: string
  metadata: Record<string, string>
  auth: Record<string, string>
} {
  const { triggers } = only(manifests, 'ScaledObject').spec
  expectOne(triggers)
  const { type, metadata, authenticationRef } = triggers[0]
  // KEDA takes text alone, and refuses the whole object otherwise.
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new Error(`the value of ${name} is no text`)
  }
  const auth: Record<string, string> = {}
  if (authenticationRef !== undefined) {
    const authentication = named(manifests, 'TriggerAuthentication', authenticationRef.name)
    for (const { parameter, name, key } of authentication.spec.secretTargetRef) {
      const value = named(manifests, 'Secret', name).stringData[key]
      if (typeof value !== 'string') throw new Error(`the secret ${name} has no ${key}`)
      auth[parameter] = value
    }
  }
  return { type, metadata, auth }
}

function named(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  return only(
    manifests.filter((manifest) => manifest.metadata.name === name),
    kind,
  )
}

function expectOne(list: readonly unknown[]): void {
  if (list.length !== 1) throw new Error(`one was expected, not ${list.length}`)
}
