import { answersOf } from '../proxy/postgres-proxy.ts'
import type { Fault } from './fault.ts'

/** Of so many answers one gets lost. */
const EVERY = 4

/** Postgres has committed what clients sent, and the connection is reset before it can say so: nobody knows what became of it. */
export const cutAnswers: Fault = {
  name: 'cut-answers',
  about: 'connections to Postgres are reset between the commit of a send and its answer',
  hits: 'postgres',
  onTheWay: true,
  async inject({ system: { proxy } }) {
    if (proxy === undefined) throw new Error('servers reach Postgres directly')
    const fault = {
      matches: answersOf(/send|tick/, 'ReadyForQuery'),
      occurrence: EVERY,
      at: 'before',
      action: 'reset',
    } as const
    let isHealed = false
    let armed = proxy.arm(fault)
    const cutAgain = () => {
      if (isHealed) return
      armed = proxy.arm(fault)
      armed.hit.then(cutAgain)
    }
    armed.hit.then(cutAgain)
    return async () => {
      isHealed = true
      armed.disarm()
    }
  },
}
