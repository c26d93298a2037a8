import { Button, Select, Stack, Switch, Table, Text } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { Section } from '../parts/section.tsx';
import { Since } from '../parts/since.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { UnloadedTable } from '../parts/unloaded-table.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { useMay } from '../shell/session.ts';
import { KeysTable } from './keys-table.tsx';
import { MakeProvisioningKeyDialog } from './make-provisioning-key-dialog.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';
import { teamsQuery } from './teams-query.ts';

const provisioningQuery = queryOptions({
  queryKey: ['api-keys', 'provisioning'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/provisioning', { signal })),
  refetchInterval: askAgainEvery(),
});

type Provisioning = Schemas['Provisioning'];

/** Admin > Users > Provisioning: how an identity provider brings users, by SCIM. */
export function ProvisioningPage() {
  return (
    <Guarded permission="users.read">
      <Provisioned />
    </Guarded>
  );
}

function Provisioned() {
  const { provisioning: words } = useDeskWords();
  const mayChange = useMay('users.change');
  const [isMaking, setMaking] = useState(false);
  const { data, error, refetch } = useQuery(provisioningQuery);
  return (
    <Stack gap="xl">
      <PageHeader
        title={words.title}
        lead={words.lead}
        actions={
          mayChange && (
            <Button leftSection={<Icon name="plus" />} onClick={() => setMaking(true)}>
              {words.make}
            </Button>
          )
        }
      />
      <UnloadedTable isLoaded={data !== undefined} error={error} onRetry={() => void refetch()} rows={4} />
      {data && <Sections of={data} mayChange={mayChange} />}
      {isMaking && <MakeProvisioningKeyDialog onClose={() => setMaking(false)} />}
    </Stack>
  );
}

function Sections({ of: data, mayChange }: { readonly of: Provisioning; readonly mayChange: boolean }) {
  const { provisioning: words } = useDeskWords();
  const [revoking, setRevoking] = useState<Schemas['ApiKey']>();
  return (
    <>
      <Section title={words.address}>
        <CopyText value={data.address} />
        <Text size="sm" c="dimmed">
          {words.people(data.people, data.inactive)} {words.lastRequest} <Since time={data.lastRequestAt} />
        </Text>
      </Section>
      <Section title={words.keys} {...(data.keys.length === 0 && { what: words.noKeys })}>
        {data.keys.length > 0 && <KeysTable keys={data.keys} onRevoke={mayChange ? setRevoking : undefined} />}
      </Section>
      <NewPeople of={data.newPeople} mayChange={mayChange} />
      <Groups groups={data.groups} mayChange={mayChange} />
      {revoking && <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  );
}

const profilesOfNew = ['Agent', 'Supervisor'] as const;

function NewPeople({
  of: newPeople,
  mayChange,
}: {
  readonly of: Provisioning['newPeople'];
  readonly mayChange: boolean;
}) {
  const { provisioning: words } = useDeskWords();
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (body: Schemas['NewPeopleOfProviderChange']) => take(api.PUT('/api/v1/provisioning', { body })),
    onSuccess: (now) => queryClient.setQueryData(provisioningQuery.queryKey, now),
  });
  const put = ({ profile, allQueues }: Provisioning['newPeople']) => {
    const known = profilesOfNew.find((each) => each === profile);
    if (known && !change.isPending) change.mutate({ profile: known, allQueues });
  };
  return (
    <Section title={words.newPeople} what={words.newPeopleWhat} isForm>
      <Stack className="panel panel-body" gap="md">
        <Select
          maw={320}
          label={words.profile}
          data={[...profilesOfNew]}
          value={newPeople.profile}
          allowDeselect={false}
          readOnly={!mayChange}
          onChange={(profile) => profile && put({ ...newPeople, profile })}
        />
        <Switch
          label={words.allQueues}
          checked={newPeople.allQueues}
          disabled={!mayChange}
          onChange={() => put({ ...newPeople, allQueues: !newPeople.allQueues })}
        />
        <RequestNotice request={change} />
      </Stack>
    </Section>
  );
}

interface GroupsProps {
  readonly groups: Provisioning['groups'];
  readonly mayChange: boolean;
}

function Groups({ groups, mayChange }: GroupsProps) {
  const { provisioning: words, teams: teamWords } = useDeskWords();
  const queryClient = useQueryClient();
  const teams = useQuery(teamsQuery).data ?? [];
  const map = useMutation({
    mutationFn: ({ id, teamId }: { id: string; teamId: string | null }) =>
      take(api.PUT('/api/v1/provisioning/groups/{id}', { params: { path: { id } }, body: { teamId } })),
    onSuccess: async (now) => {
      queryClient.setQueryData(provisioningQuery.queryKey, now);
      await queryClient.invalidateQueries(teamsQuery);
    },
  });
  return (
    <Section title={words.groups} what={groups.length === 0 ? words.noGroups : words.groupsWhat}>
      {groups.length > 0 && (
        <TableScroll className="panel">
          <Table aria-label={words.groups} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.group}</Table.Th>
                <Table.Th>{teamWords.people}</Table.Th>
                <Table.Th>{words.team}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {groups.map(({ id, displayName, people, teamId }) => (
                <Table.Tr key={id}>
                  <Table.Td className="name">{displayName}</Table.Td>
                  <Table.Td>{people}</Table.Td>
                  <Table.Td>
                    <Select
                      size="xs"
                      aria-label={words.teamOf(displayName)}
                      placeholder={words.noTeam}
                      data={teams.map((team) => ({ value: team.id, label: team.name }))}
                      value={teamId}
                      clearable
                      readOnly={!mayChange}
                      onChange={(chosen) => !map.isPending && map.mutate({ id, teamId: chosen })}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableScroll>
      )}
      <RequestNotice request={map} />
    </Section>
  );
}
