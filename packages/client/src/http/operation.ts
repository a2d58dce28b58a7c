import type { operations } from '../generated/api.ts'

export type OperationId = keyof operations

type ParametersOf<Id extends OperationId> = operations[Id]['parameters']
type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : undefined

/** What an operation is asked with: the values in its address, its query and its body, as far as it has them. */
export interface OperationRequest<Id extends OperationId> {
  readonly path?: ParametersOf<Id>['path']
  readonly query?: ParametersOf<Id>['query']
  readonly body?: operations[Id] extends { requestBody?: infer Body } ? Json<NonNullable<Body>> : never
}

/** What an operation answers; `undefined` where the answer is empty. */
export type OperationAnswer<Id extends OperationId> = Json<
  operations[Id]['responses'][keyof operations[Id]['responses']]
>

/**
 * Which operations may be repeated when it is not known whether they took effect. `onFifo`: on FIFO queues, where the
 * server recognises the repetition for five minutes. A call takes four at most.
 */
export const IS_REPEATABLE: Record<OperationId, boolean | 'onFifo'> = {
  createQueue: true,
  listQueues: true,
  getQueue: true,
  updateQueue: true,
  // A repetition would hit what others have created or sent in the meantime.
  deleteQueue: false,
  purgeQueue: false,
  countMessages: true,
  getScaling: true,
  listDeadLetterSources: true,
  sendMessage: 'onFifo',
  sendMessages: 'onFifo',
  // What a lost answer had leased is released by the server or comes back after its visibility timeout.
  receiveMessages: true,
  peekMessages: true,
  peekMessage: true,
  deleteMessage: true,
  extendLease: true,
  releaseLease: true,
  deleteMessages: true,
  extendLeases: true,
  releaseLeases: true,
  startMoveTask: false,
  listMoveTasks: true,
  getMoveTask: true,
  cancelMoveTask: true,
  listQueueStatistics: true,
  getQueueStatistics: true,
  getQueueHistory: true,
  runDoctor: true,
  createAccessKey: false,
  listAccessKeys: true,
  disableAccessKey: true,
  rotateAccessKey: false,
  whoami: true,
}
