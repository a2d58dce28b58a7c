import parseExpression from 'spdx-expression-parse'

/** Licences under which anything may be used, and shipped with what we ship. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
])

/** Packages under another licence that was looked at, and why it may stay. */
const EXCEPTIONS = {
  'axe-core': 'MPL-2.0; examines pages in tests, is not shipped',
  'caniuse-lite': 'CC-BY-4.0; data that the build of the console reads, is not shipped',
  lightningcss: 'MPL-2.0; builds the console, is not shipped',
  'spdx-exceptions': 'CC-BY-3.0; data that the check of licences reads, is not shipped',
}

/** @returns one line for each package whose licence is neither allowed nor excepted */
export function licenceProblems(packages) {
  return packages
    .filter(({ name, licence }) => !isAllowed(licence) && exceptionFor(name) === undefined)
    .map(({ name, version, licence }) => `${name} ${version} is under ${licence || 'no licence that it names'}`)
}

/** Programs for one platform come in packages of their own, under the name of the whole. */
function exceptionFor(name) {
  const whole = Object.keys(EXCEPTIONS).find((known) => name === known || name.startsWith(`${known}-`))
  return whole === undefined ? undefined : EXCEPTIONS[whole]
}

function isAllowed(licence) {
  try {
    return isAllowedExpression(parseExpression(licence))
  } catch {
    // No SPDX expression: somebody has to read it.
    return false
  }
}

function isAllowedExpression(expression) {
  if (expression.conjunction === 'or') {
    return isAllowedExpression(expression.left) || isAllowedExpression(expression.right)
  }
  if (expression.conjunction === 'and') {
    return isAllowedExpression(expression.left) && isAllowedExpression(expression.right)
  }
  return ALLOWED.has(expression.license)
}
