import fc from 'fast-check'
import type { ModelCommand } from './command.ts'
import { changeVisibility, changeVisibilityBatch, deleteBatch, deleteMessage } from './leases.ts'
import { block, bury, extendSecond, forget, outlive, receiveAgain, sendAgain, useStale } from './mixes.ts'
import { move } from './move.ts'
import {
  countMessages,
  createAgain,
  createQueue,
  deleteQueue,
  getQueue,
  listQueues,
  listSources,
  purgeQueue,
  tagQueue,
  untagQueue,
  updateQueue,
} from './queues.ts'
import { receive } from './receive.ts'
import { send, sendBatch } from './send.ts'
import { look, passTime, restart } from './world.ts'

/** How often each kind of command is chosen. */
const COMMANDS: readonly (readonly [weight: number, commands: fc.Arbitrary<ModelCommand>])[] = [
  [11, send],
  [7, sendBatch],
  [20, receive],
  [7, deleteMessage],
  [2, deleteBatch],
  [5, changeVisibility],
  [2, changeVisibilityBatch],
  [8, passTime],
  [5, move],
  [2, createQueue],
  [1, createAgain],
  [2, updateQueue],
  [1, getQueue],
  [1, deleteQueue],
  [2, purgeQueue],
  [1, listQueues],
  [1, listSources],
  [2, countMessages],
  [1, tagQueue],
  [1, untagQueue],
  [1, look],
  [1, restart],
  [2, sendAgain],
  [2, forget],
  [2, block],
  [1, extendSecond],
  [1, receiveAgain],
  [2, useStale],
  [3, bury],
  [1, outlive],
]

/** Sequences of commands of any length: with a bias half of them would be too short for anything to come together. */
export const commands = (max: number) =>
  fc.noBias(
    fc.commands(
      COMMANDS.flatMap(([weight, arbitrary]) => Array.from({ length: weight }, () => arbitrary)),
      { maxCommands: max, size: 'max' },
    ),
  )
