import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import { useSession } from '../api/session.tsx'

interface MayButtonProps extends ButtonProps {
  readonly permission: string
  /** What it does, in the sentence "Your key may not …". */
  readonly to: string
  readonly queueName?: string
  onClick(): void
}

/** A button that is there for everybody, and says why it does nothing for those whose key does not allow it. */
export function MayButton({ permission, to, queueName, onClick, ...props }: MayButtonProps) {
  const { may, who } = useSession()
  if (may(permission, queueName)) return <Button {...props} onClick={onClick} />
  const reason = `Your key may not ${to}: it has the role ${who.role} for ${who.queuePattern}`
  return (
    <Tooltip label={reason}>
      <Button
        {...props}
        data-disabled
        aria-disabled
        aria-description={reason}
        onClick={(event) => event.preventDefault()}
      />
    </Tooltip>
  )
}
