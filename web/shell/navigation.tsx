import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, NavLink, useLocation } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { AvailabilityPlace } from '../offers/offers-place.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { HealthLight } from './health-light.tsx';
import { useWords } from './languages.tsx';
import { Person } from './person.tsx';
import { useMay } from './session.ts';

/** Only links that the person may open. */
export function Navigation({ me }: { readonly me: Schemas['Me'] }) {
  const { shell } = useWords();
  const mayWork = useMay('items.work');
  const maySupervise = useMay('items.supervise');
  const mayConfigure = useMay('accounts.read');
  const mayManageAnswers = useMay('answers.manage');
  const mayAdminister = useMay('users.read');
  const mayRetain = useMay('retention.change');
  const mayAudit = useMay('audit.read');
  return (
    <Stack h="100%" gap="lg" justify="space-between">
      <Stack gap="lg" component="nav" aria-label={shell.navigation}>
        <Group gap="xs" px="sm" pt={6} visibleFrom="md">
          <img src="/icon.svg" alt="" width={22} height={22} />
          <Text fw={650}>Mailroom</Text>
        </Group>
        <Stack gap={2}>
          <PageLink to="/queues" also={['/items']} icon="inbox">
            {shell.queues}
          </PageLink>
          {mayWork && (
            <PageLink to="/mine" icon="user">
              {shell.myItems}
            </PageLink>
          )}
          <PageLink to="/search" icon="search">
            {shell.search}
          </PageLink>
          {maySupervise && (
            <PageLink to="/board" icon="board">
              {shell.board}
            </PageLink>
          )}
        </Stack>
        {mayConfigure && (
          <Section title={shell.config}>
            <PageLink to="/config/email" icon="mail">
              {shell.email}
            </PageLink>
            {mayManageAnswers && (
              <PageLink to="/config/answers" icon="edit">
                {shell.cannedAnswers}
              </PageLink>
            )}
          </Section>
        )}
        {mayAdminister && (
          <Section title={shell.admin}>
            <PageLink to="/admin/users" also={['/admin/teams', '/admin/provisioning']} icon="users">
              {shell.users}
            </PageLink>
            <PageLink to="/admin/api-keys" icon="key">
              {shell.apiKeys}
            </PageLink>
            <PageLink to="/admin/sign-in" icon="enter">
              {shell.signOn}
            </PageLink>
            {mayRetain && (
              <PageLink to="/admin/retention" icon="bin">
                {shell.retention}
              </PageLink>
            )}
            {mayAudit && (
              <PageLink to="/admin/audit" icon="list">
                {shell.audit}
              </PageLink>
            )}
          </Section>
        )}
      </Stack>
      <Stack gap="md" px={4}>
        <AvailabilityPlace />
        <HealthLight />
        <Person me={me} />
      </Stack>
    </Stack>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack gap={2}>
      <Text size="xs" fw={600} c="dimmed" px="sm" pb={2}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}

interface PageLinkProps {
  readonly to: string;
  /** Other addresses for which the link is shown as current, with those below them. */
  readonly also?: readonly string[];
  readonly icon: IconName;
  readonly children: string;
}

function PageLink({ to, also = [], icon, children }: PageLinkProps) {
  const { pathname } = useLocation();
  const content = (
    <>
      <Icon name={icon} />
      {children}
    </>
  );
  if (also.some((other) => pathname === other || pathname.startsWith(`${other}/`))) {
    return (
      <Link to={to} className="nav-link active" aria-current="true">
        {content}
      </Link>
    );
  }
  return (
    <NavLink to={to} className="nav-link">
      {content}
    </NavLink>
  );
}
