import { checkLabel, removePermission, withoutPermission } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'
import { policyChange, policyOf } from '../queue-settings.ts'

export const removePermissionOperation = queueOperation(
  removePermission,
  async ({ context, queue: key }, { Label }) => {
    checkLabel(Label)
    await context.engine.updateQueue(key, (queue) => ({
      annotations: policyChange(withoutPermission(policyOf(queue), Label)),
    }))
    return {}
  },
)
