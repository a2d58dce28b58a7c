import { addPermission, checkPermission, formatQueueArn, withPermission } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'
import { policyChange, policyOf } from '../queue-settings.ts'

export const addPermissionOperation = queueOperation(addPermission, async ({ context, queue: key }, input) => {
  checkPermission(input)
  const arn = formatQueueArn(context.region, key.accountId, key.name)
  await context.engine.updateQueue(key, (queue) => ({
    annotations: policyChange(withPermission(policyOf(queue), arn, input)),
  }))
  return {}
})
