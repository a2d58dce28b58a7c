import { type Checker, Findings } from './checker.ts'

/** Codes by which a server says that a message itself is wrong. */
const BLAMES = /InvalidParameterValue|InvalidMessageContents|invalidArgument|invalidMessage/

/**
 * Whatever happens, a server does not say that it has made a mistake: an outage is a 503, which clients know what to do with. Nor that a
 * message is wrong: all that are sent are good ones, whatever else they shared a statement with.
 */
export const answers: Checker = {
  name: 'answers',
  promises: ['G22', 'G28', 'G36'],
  check(history) {
    const findings = new Findings()
    for (const event of history.events) {
      if (event.type !== 'unknown') continue
      findings.expect(!event.code.startsWith('500'), () => `a request was answered ${event.code}`, event)
    }
    for (const send of history.sends) {
      const isBlamed = send.outcome === 'fail' && BLAMES.test(send.code ?? '')
      findings.expect(!isBlamed, () => `${send.value}, a good message, was refused with ${send.code}`, send)
    }
    return findings
  },
}
