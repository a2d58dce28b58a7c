import { type Reader, toReportView } from '@stanchion/doctor'
import type { Caller } from '../../http/caller.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import { DOCTOR_REPORT_EXAMPLE, DoctorReportSchema } from './report-schema.ts'

const schema = {
  operationId: 'runDoctor',
  tags: ['doctor'],
  summary: 'Examine the service and its database',
  description:
    'Says what is wrong and what to do about it, by the statistics of Postgres, the numbers of the queues and what this node knows ' +
    'about itself. It reads no message and changes nothing, takes a few seconds at most and costs little: whoever asks while somebody ' +
    'else does, or within five seconds, is shown what was read for them. A check that could not look is `skipped` and says why; a ' +
    'database that does not answer is a finding. A key with a pattern of queue names is told about those queues alone.',
  response: {
    200: jsonResponse('What was found, and what was looked at.', DoctorReportSchema, DOCTOR_REPORT_EXAMPLE),
    ...problemResponses(),
  },
} as const satisfies OperationSchema

export const runDoctorRoute: Route = (app) => {
  app.get('/doctor', { schema }, async ({ caller }, reply) =>
    reply.send(toReportView(await app.doctor.examine(readerFor(caller)))),
  )
}

/** Queues of other accounts are no business of a key, and the installation is none of a key for some queues. */
function readerFor(caller: Caller): Reader | undefined {
  if (caller.key === undefined) return undefined
  return {
    accountId: caller.accountId,
    seesInstallation: caller.may('list'),
    reaches: (queueName) => caller.may('list', queueName),
  }
}
