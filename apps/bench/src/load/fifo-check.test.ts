import { describe, expect, it } from '@jest/globals'
import { FifoCheck } from './fifo-check.ts'

const message = (groupId: string, number: number) => ({ groupId, sequenceNumber: String(number).padStart(20, '0') })
const [first, second, other] = [message('a', 1), message('a', 2), message('b', 3)] as const

describe('the check of FIFO queues', () => {
  const checkOf = (...acknowledged: readonly ReturnType<typeof message>[]) => {
    const check = new FifoCheck()
    for (const each of acknowledged) check.acknowledged(each)
    return check
  }

  it('finds a message that overtook one of its group', () => {
    const check = checkOf(first, second)
    check.received([second], check.now())
    expect(check.orderViolations).toBe(1)
  })

  it('finds messages of a group that stand the wrong way round', () => {
    const check = checkOf(first, second)
    check.received([second, first], check.now())
    expect(check.orderViolations).toBe(1)
  })

  it('finds nothing in order, between groups, after a delete and where the send was not acknowledged before', () => {
    const check = checkOf(first, second, other)
    check.received([first, second, other], check.now())
    check.received([other], check.now())
    const startedAt = check.now()
    check.acknowledged(message('b', 2))
    check.received([other], startedAt)
    check.deleting([first])
    check.received([second], check.now())
    expect(check.orderViolations).toBe(0)
  })

  it('finds a duplicate that was stored', () => {
    const check = new FifoCheck()
    check.repeated('1', '1')
    check.repeated('1', '2')
    expect([check.repeatedSends, check.acceptedDuplicates]).toEqual([2, 1])
  })
})

it('a message whose delete began before its send was heard to be acknowledged stands before nobody', () => {
  const check = new FifoCheck()
  const early = { groupId: 'a', sequenceNumber: '1' }
  check.received([early], check.now())
  check.deleting([early])
  check.acknowledged(early)
  check.acknowledged({ groupId: 'a', sequenceNumber: '2' })
  check.received([{ groupId: 'a', sequenceNumber: '2' }], check.now())
  expect(check.orderViolations).toBe(0)
})
