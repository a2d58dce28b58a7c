import { LIMITS, QUEUE_SETTING_RANGES } from '@stanchion/queue'
import { Type } from 'typebox'
import { watchResponse } from '../../http/connection-watch.ts'
import { receiveWhileConnected } from '../../http/receive-while-connected.ts'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { ReceivedMessageSchema, token, toMessageView } from './message-schema.ts'

const schema = {
  operationId: 'receiveMessages',
  tags: ['messages'],
  summary: 'Receive messages',
  description:
    'Leases messages to the caller for the visibility timeout and answers them, as soon as there is at least one. ' +
    'Without any it waits up to `waitSeconds` and then answers an empty list. Delete a message when its work is done; ' +
    'a message that is not deleted in time is delivered again. A FIFO queue answers as many messages as it can of one group ' +
    'before it goes on with the next, and none of a group while one of its messages is leased.',
  params: QueueParamsSchema,
  body: Type.Object(
    {
      maxMessages: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: LIMITS.receiveMessagesMax,
          description: 'How many messages to answer at most; 1 when absent.',
        }),
      ),
      visibilityTimeoutSeconds: Type.Optional(
        Type.Integer({
          minimum: QUEUE_SETTING_RANGES.visibilityTimeoutSeconds.min,
          maximum: QUEUE_SETTING_RANGES.visibilityTimeoutSeconds.max,
          description: 'How long the messages stay leased. Absent: the visibility timeout of the queue.',
        }),
      ),
      waitSeconds: Type.Optional(
        Type.Integer({
          minimum: QUEUE_SETTING_RANGES.receiveWaitSeconds.min,
          maximum: QUEUE_SETTING_RANGES.receiveWaitSeconds.max,
          description: 'How long to wait for a first message. Absent: the wait of the queue.',
        }),
      ),
      attemptId: token(
        'On FIFO queues alone: names this receive, so that it can be made again when its answer was lost. Within five minutes ' +
          'the same id answers the same messages with the same receipt handles, uncounted and leased anew, as long as none of ' +
          'them was deleted, extended or released and no lease is over; otherwise it is a receive of its own.',
      ),
    },
    {
      additionalProperties: false,
      title: 'ReceiveRequest',
      examples: [
        { maxMessages: 10, waitSeconds: 20 },
        { maxMessages: 10, attemptId: 'worker-3-receive-81' },
      ],
    },
  ),
  response: {
    200: jsonResponse(
      'The messages; none when none became available in time.',
      Type.Object(
        { messages: Type.Array(ReceivedMessageSchema, { description: 'As they were leased.' }) },
        { additionalProperties: false, title: 'ReceivedMessages' },
      ),
      {
        messages: [
          {
            messageId: '5fea7756-0ea4-451a-a703-a558b933e274',
            receiptHandle: 'AQEBzWwaftRI0KuVm4tP',
            body: '{"orderId":17}',
            attributes: { priority: { type: 'number', value: '3' } },
            groupId: 'customer-4',
            deduplicationId: 'order-17',
            sequenceNumber: '01882786672994680832',
            receiveCount: 1,
            sentAt: '2026-08-01T12:00:00.000Z',
            firstReceivedAt: '2026-08-01T12:00:01.250Z',
          },
        ],
      },
    ),
    ...problemResponses('queueNotFound', 'tooManyInFlight', 'invalidArgument', ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const receiveMessagesRoute: Route = (app) => {
  app.post('/queues/:queue/receive', { schema }, async (request, reply) => {
    const { maxMessages = 1, ...rest } = request.body
    const queue = queueKey(request, request.params.queue)
    const messages = await receiveWhileConnected(app.engine, queue, { maxMessages, ...rest }, watchResponse(reply.raw))
    return reply.send({ messages: messages.map(toMessageView) })
  })
}
