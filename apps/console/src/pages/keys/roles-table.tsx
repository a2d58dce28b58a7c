import { Paper, Table, Text, Title, VisuallyHidden } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { ROLE_RIGHTS, ROLES } from '../../keys/roles.ts'

/** What each role may do. */
export function RolesTable() {
  return (
    <Paper withBorder>
      <Title order={2} size="h4" p="md" pb={4}>
        What each role may do
      </Title>
      <Text size="sm" c="dimmed" px="md" pb="xs">
        A key reaches the queues that its pattern names, in which * stands for any characters. Listing queues and
        managing keys need the pattern *. The policy of a queue may allow more, or less.
      </Text>
      <Table.ScrollContainer minWidth={0} type="native" tabIndex={0}>
        <Table horizontalSpacing="md" className="roles">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Permission</Table.Th>
              {ROLES.map(({ role }) => (
                <Table.Th key={role} ta="center">
                  {role}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ROLE_RIGHTS.map(({ permission, text, roles }) => (
              <Table.Tr key={permission}>
                <Table.Th scope="row" fw={400}>
                  {text}
                </Table.Th>
                {ROLES.map(({ role }) => (
                  <Table.Td key={role} ta="center">
                    {roles.includes(role) ? (
                      <>
                        <IconCheck size={18} className="yes" aria-hidden />
                        <VisuallyHidden>yes</VisuallyHidden>
                      </>
                    ) : (
                      <VisuallyHidden>no</VisuallyHidden>
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}
