import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as CDX from '@cyclonedx/cyclonedx-library'
import { PackageURL } from 'packageurl-js'
import parseExpression from 'spdx-expression-parse'
import { ROOT } from '../run-child.mjs'

const SPEC = CDX.Spec.Spec1dot6
const { Component } = CDX.Models

/** A software bill of materials in CycloneDX JSON. @param packages what is installed @param integrities by `name@version` */
export function billOfMaterials(packages, integrities) {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const bom = new CDX.Models.Bom()
  bom.metadata.component = component({ name, version, licence: license }, CDX.Enums.ComponentType.Application)
  for (const each of packages) {
    const part = component(each, CDX.Enums.ComponentType.Library)
    const integrity = integrities.get(`${each.name}@${each.version}`)
    if (integrity !== undefined) part.hashes.set(CDX.Enums.HashAlgorithm['SHA-512'], toHex(integrity))
    bom.components.add(part)
    bom.metadata.component.dependencies.add(part.bomRef)
  }
  const serializer = new CDX.Serialize.JsonSerializer(new CDX.Serialize.JSON.Normalize.Factory(SPEC))
  return serializer.serialize(bom, { sortLists: true, space: 2 })
}

const licences = new CDX.Contrib.License.Factories.LicenseFactory(parseExpression)

function component({ name, version, licence }, type) {
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name]
  const part = new Component(type, bare, {
    group: scope,
    version,
    bomRef: `${name}@${version}`,
    purl: new PackageURL('npm', scope, bare, version).toString(),
  })
  if (licence !== '') part.licenses.add(licences.makeFromString(licence))
  return part
}

function toHex(integrity) {
  return Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex')
}
