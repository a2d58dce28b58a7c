import type { MoveTask } from '../../history/event.ts'
import { ask } from './rest-wire.ts'

interface Told {
  readonly id: string
  readonly status: MoveTask['status']
  readonly messagesMoved: number
}

/** Starts a task that moves what is in a queue, over REST. */
export function startMove(server: string, queue: string, destination: string, messagesPerSecondMax: number) {
  return ask(server, 'POST', `${queue}/move-tasks`, { destination, messagesPerSecondMax }, (told: Told) => ({
    kind: 'startMove',
    tasks: [toTask(told)],
  }))
}

/** Ends a task: after the answer it moves nothing more. */
export function cancelMove(server: string, queue: string, task: string) {
  return ask(server, 'POST', `${queue}/move-tasks/${task}/cancel`, undefined, (told: Told) => ({
    kind: 'cancelMove',
    tasks: [toTask(told)],
  }))
}

/** Lists the last tasks of a queue. */
export function listMoves(server: string, queue: string) {
  const toResult = ({ moveTasks }: { readonly moveTasks: readonly Told[] }) =>
    ({ kind: 'listMoves', tasks: moveTasks.map(toTask) }) as const
  return ask(server, 'GET', `${queue}/move-tasks`, undefined, toResult)
}

function toTask({ id, status, messagesMoved }: Told): MoveTask {
  return { id, status, moved: messagesMoved }
}
