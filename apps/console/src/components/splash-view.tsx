import { Center, Loader } from '@mantine/core'

/** What is seen while nothing is known yet. */
export function SplashView() {
  return (
    <Center mih="60vh">
      <Loader aria-label="Loading" role="status" />
    </Center>
  )
}
