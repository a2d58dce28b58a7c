import { type Checker, Findings } from './checker.ts'

/** Whatever happens, a server does not say that it has made a mistake: an outage is a 503, which clients know what to do with. */
export const answers: Checker = {
  name: 'answers',
  promises: ['G28', 'G36'],
  check(history) {
    const findings = new Findings()
    for (const event of history.events) {
      if (event.type !== 'unknown') continue
      findings.expect(!event.code.startsWith('500'), () => `a request was answered ${event.code}`, event)
    }
    return findings
  },
}
