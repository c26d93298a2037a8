import { Anchor, Button, Group, Select, Stack, Switch, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { ActionsHeader } from '../parts/actions-header.tsx';
import { Address } from '../parts/address.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { RequestRow } from '../parts/request-notice.tsx';
import { Since } from '../parts/since.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { UnloadedTable } from '../parts/unloaded-table.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { queuesQuery } from '../queues/queues-query.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';
import { ME, useMay, useMe } from '../shell/session.ts';
import { AddUserDialog } from './add-user-dialog.tsx';
import { CapacitySelect } from './capacity-select.tsx';
import { RemoveUserDialog } from './remove-user-dialog.tsx';
import { SightDialog, sightOf } from './sight-dialog.tsx';
import { profiles, usersQuery } from './users-query.ts';

/** Admin > Users: who may sign in, and what they may do. */
export function UsersPage() {
  return (
    <Guarded permission="users.read">
      <Users />
    </Guarded>
  );
}

function Users() {
  const { users: words, teams, provisioning } = useDeskWords();
  const mayChange = useMay('users.change');
  const [isAdding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery(usersQuery);
  return (
    <Stack gap="md">
      <PageHeader
        title={words.title}
        lead={words.lead}
        actions={
          <Group gap="xs">
            <Button component={Link} to="/admin/teams" variant="default">
              {teams.title}
            </Button>
            <Button component={Link} to="/admin/provisioning" variant="default">
              {provisioning.title}
            </Button>
            {mayChange && (
              <Button leftSection={<Icon name="plus" />} onClick={() => setAdding(true)}>
                {words.add}
              </Button>
            )}
          </Group>
        }
      />
      <UnloadedTable isLoaded={data !== undefined} error={error} onRetry={() => void refetch()} rows={4} />
      {data && <UsersTable users={data} />}
      {isAdding && <AddUserDialog onClose={() => setAdding(false)} />}
    </Stack>
  );
}

type User = Schemas['User'];

function UsersTable({ users }: { readonly users: readonly User[] }) {
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const me = useMe().data;
  const mayChange = useMay('users.change');
  const navigate = useNavigate();
  const isNarrow = useIsNarrow(80);
  const [removing, setRemoving] = useState<User>();
  const [sight, setSight] = useState<User>();
  const { users: words, teams, offers, signOn, provisioning } = useDeskWords();
  const change = useMutation({
    mutationFn: ({ user, body }: { user: User; body: Schemas['UserChange'] }) =>
      take(api.PATCH('/api/v1/users/{id}', { params: { path: { id: user.id } }, body })),
    onSuccess: ({ email, enabled }, { body }) =>
      announce(
        body.enabled === undefined ? words.changed(email) : enabled ? words.enabledAgain(email) : words.disabled(email),
      ),
    onSettled: (_changed, error) => readAgain(queryClient, error, usersQuery.queryKey, ME),
  });
  const { data: queues = [] } = useQuery(queuesQuery);
  const isOffering = queues.some((queue) => queue.offers !== null);
  const capacityOf = (user: User) => (
    <CapacitySelect
      user={user}
      isDisabled={!mayChange || change.isPending}
      onChange={(capacity) => change.mutate({ user, body: { capacity } })}
    />
  );
  const profileOf = (user: User) => (
    <>
      {profileSelectOf(user)}
      {user.mappedValues !== null && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {signOn.byProvider(user.mappedValues)}
        </Text>
      )}
    </>
  );
  const profileSelectOf = (user: User) => (
    <Select
      size="xs"
      w={120}
      aria-label={words.profileOf(user.email)}
      // A profile of a newer release is shown, but cannot be chosen.
      data={[...new Set([...profiles, user.profile])].map((value) => ({
        value,
        label: value,
        disabled: !profiles.some((known) => known === value),
      }))}
      value={user.profile}
      onChange={(chosen) => {
        const profile = profiles.find((known) => known === chosen);
        if (profile !== undefined && !change.isPending) change.mutate({ user, body: { profile } });
      }}
      allowDeselect={false}
      readOnly={!mayChange}
    />
  );
  const seenBy = (user: User) =>
    mayChange && me?.id !== user.id ? (
      <Anchor
        component="button"
        type="button"
        size="sm"
        ta="start"
        aria-label={`${teams.change(user.email)}: ${sightOf(user, teams)}`}
        onClick={() => setSight(user)}
      >
        {sightOf(user, teams)}
      </Anchor>
    ) : (
      <Text size="sm">{sightOf(user, teams)}</Text>
    );
  return (
    <>
      <TableScroll className="panel">
        <Table aria-label={words.table} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th {...(isNarrow && { w: '100%' })}>{words.email}</Table.Th>
              {!isNarrow && <Table.Th>{words.name}</Table.Th>}
              {!isNarrow && <Table.Th>{words.profile}</Table.Th>}
              {!isNarrow && <Table.Th>{teams.sees}</Table.Th>}
              <Table.Th>{words.enabled}</Table.Th>
              {isOffering && !isNarrow && <Table.Th>{offers.capacity}</Table.Th>}
              {!isNarrow && <Table.Th>{words.lastSignIn}</Table.Th>}
              {mayChange && <ActionsHeader w={80} />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.map((user) => (
              <Fragment key={user.id}>
                <Table.Tr>
                  <Table.Td className={isNarrow ? undefined : 'address'}>
                    <Text size="sm" fw={500} span style={{ overflowWrap: 'anywhere' }}>
                      <Address>{user.email}</Address>
                    </Text>
                    {me?.id === user.id && (
                      <Text size="sm" c="dimmed" span>
                        {' '}
                        ({words.you})
                      </Text>
                    )}
                    {user.provider !== null && (
                      <Text size="xs" c="dimmed">
                        {provisioning.states[user.provider]}
                      </Text>
                    )}
                    {isNarrow && profileOf(user)}
                    {isNarrow && seenBy(user)}
                    {isNarrow && isOffering && (
                      <Group gap={6} mt={4}>
                        <Text size="xs" c="dimmed">
                          {offers.capacity}:
                        </Text>
                        {capacityOf(user)}
                      </Group>
                    )}
                  </Table.Td>
                  {!isNarrow && <Table.Td>{user.displayName}</Table.Td>}
                  {!isNarrow && <Table.Td>{profileOf(user)}</Table.Td>}
                  {!isNarrow && <Table.Td miw={130}>{seenBy(user)}</Table.Td>}
                  <Table.Td>
                    <Switch
                      size="xs"
                      aria-label={words.toggle(user.email)}
                      checked={user.enabled}
                      disabled={!mayChange || (user.provider === 'inactive' && !user.enabled)}
                      {...(user.provider === 'inactive' && !user.enabled && { title: provisioning.inactiveWhat })}
                      aria-busy={change.isPending && change.variables.user.id === user.id}
                      onChange={() => !change.isPending && change.mutate({ user, body: { enabled: !user.enabled } })}
                    />
                  </Table.Td>
                  {isOffering && !isNarrow && <Table.Td>{capacityOf(user)}</Table.Td>}
                  {!isNarrow && (
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      {user.lastSignedInAt === null ? words.notYet : <Since time={user.lastSignedInAt} />}
                    </Table.Td>
                  )}
                  {mayChange && (
                    <Table.Td>
                      {me?.id !== user.id && (
                        <Group gap={4} wrap="nowrap">
                          <IconAction
                            icon="leave"
                            label={words.sessionsOf(user.email)}
                            onClick={() => void navigate(`/sessions?user=${user.id}`)}
                          />
                          <IconAction
                            icon="cross"
                            label={words.removeOf(user.email)}
                            {...(user.provider === 'active' && { disabled: true, title: provisioning.keptWhat })}
                            onClick={() => setRemoving(user)}
                          />
                        </Group>
                      )}
                    </Table.Td>
                  )}
                </Table.Tr>
                {change.variables?.user.id === user.id && <RequestRow request={change} />}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
      {sight && <SightDialog user={sight} onClose={() => setSight(undefined)} />}
      {removing && <RemoveUserDialog user={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}
